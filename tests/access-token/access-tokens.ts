import { decodeJwt, decodeProtectedHeader, SignJWT, type JWK } from 'jose';
import { createSealer } from '../../src/adapters/sealing.ts';
import { Client, type Answer, type UserError } from '../support/client.ts';
import { freePort } from '../support/redis-server.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

export interface Outcome {
  readonly createAccessToken: {
    readonly accessToken: string | null;
    readonly expiresAt: string | null;
    readonly errors: readonly UserError[];
  } | null;
}

export function createToken(client: Client, userId?: string): Promise<Answer<Outcome>> {
  return client.graphql(
    `mutation ($userId: ID) {
      createAccessToken(userId: $userId) { accessToken expiresAt errors { code field message } }
    }`,
    { userId },
  );
}

/** A token, which must have been made. */
export async function tokenFor(client: Client, userId?: string): Promise<string> {
  const { data, errors } = await createToken(client, userId);
  const token = data.createAccessToken?.accessToken;
  if (token) return token;
  throw new Error(JSON.stringify([errors, data]));
}

export interface SigningKey {
  readonly id: string;
  readonly publicJwk: JWK;
  readonly privateJwk: JWK;
}

/** The newest key of a server, opened with the secret of the tests. */
export async function signingKeyOf({ database }: TestServer): Promise<SigningKey> {
  const [row] = await database.query<{ id: string; public_key: JWK; sealed: Buffer }>(
    `SELECT id, public_key, sealed_private_key AS sealed FROM signing_keys
     ORDER BY signs_from DESC LIMIT 1`,
  );
  if (row === undefined) throw new Error('There is no signing key.');
  const sealer = createSealer('the secret of the tests, which is no secret');
  const privateJwk = JSON.parse(sealer.open(row.sealed)) as JWK;
  return { id: row.id, publicJwk: row.public_key, privateJwk };
}

/** The token once more, with other claims or another header, signed with whatever is given. */
export function forge(
  token: string,
  key: JWK | Uint8Array,
  changes: Readonly<Record<string, unknown>> = {},
  header: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { kid = '', typ = '' } = decodeProtectedHeader(token);
  return new SignJWT({ ...decodeJwt(token), ...changes })
    .setProtectedHeader({ alg: 'ES256', kid, typ, ...header })
    .sign(key);
}

export const issuer = 'https://id.example.com';

/** A server that people know under another address than the one where the tests reach it. */
export async function startIssuer(
  environment: Readonly<Record<string, string>> = {},
  shared?: TestServer,
): Promise<TestServer> {
  const PORT = String(await freePort());
  const server = await startTestServer({ APP_URL: issuer, PORT, ...environment }, shared?.database);
  const url = `http://127.0.0.1:${PORT}`;
  return { ...server, url, client: new Client(url) };
}
