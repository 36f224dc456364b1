import type { Answer, Client, UserError } from '../support/client.ts';
import type { Scope } from '../../src/actor.ts';

export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly prefix: string;
  readonly scopes: readonly Scope[];
  readonly addresses: readonly string[] | null;
  readonly createdBy: { readonly id: string } | null;
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly lastUsedAt: string | null;
  readonly revokedAt: string | null;
}

export interface Outcome {
  readonly outcome: {
    readonly apiKey: ApiKey | null;
    readonly secret: string | null;
    readonly errors: readonly UserError[];
  } | null;
}

const keyFields = `id name prefix scopes addresses createdBy { id }
  createdAt expiresAt lastUsedAt revokedAt`;
const payload = `{ apiKey { ${keyFields} } secret errors { code field message } }`;

export interface Wanted {
  readonly name?: string;
  readonly scopes?: readonly string[];
  readonly expiresAt?: string | null;
  readonly addresses?: readonly string[] | null;
}

export function createKey(client: Client, wanted: Wanted = {}): Promise<Answer<Outcome>> {
  return client.graphql(
    `mutation ($name: String!, $scopes: [Scope!]!, $expiresAt: DateTime, $addresses: [String!]) {
      outcome: createApiKey(
        name: $name, scopes: $scopes, expiresAt: $expiresAt, addresses: $addresses
      ) ${payload}
    }`,
    { name: 'Shop', scopes: ['TOKENS_READ'], ...wanted },
  );
}

export function rotateKey(
  client: Client,
  id: string,
  graceSeconds?: number | null,
): Promise<Answer<Outcome>> {
  return client.graphql(
    `mutation ($id: ID!, $graceSeconds: Int) {
      outcome: rotateApiKey(id: $id, graceSeconds: $graceSeconds) ${payload}
    }`,
    { id, ...(graceSeconds === undefined ? {} : { graceSeconds }) },
  );
}

export function revokeKey(client: Client, id: string): Promise<Answer<Outcome>> {
  return client.graphql(`mutation ($id: ID!) { outcome: revokeApiKey(id: $id) ${payload} }`, {
    id,
  });
}

export async function listKeys(client: Client): Promise<ApiKey[]> {
  const { data } = await client.graphql<{ apiKeys: ApiKey[] }>(`{ apiKeys { ${keyFields} } }`);
  return data.apiKeys;
}

export interface IssuedKey {
  readonly key: ApiKey;
  readonly secret: string;
}

/** What a mutation that succeeded has made. */
export function issued({ data, errors }: Answer<Outcome>): IssuedKey {
  const { apiKey: key, secret, errors: refusals } = data.outcome ?? {};
  if (key && secret) return { key, secret };
  throw new Error(`No key was issued: ${JSON.stringify([...errors, ...(refusals ?? [])])}`);
}

/** `ok`, or the code with which a mutation was refused or denied. */
export function ending({ data, code }: Answer<Outcome>): string {
  return code ?? data.outcome?.errors[0]?.code ?? 'ok';
}

/** Whether a server with this secret is let in. */
export async function isLetIn(
  client: Client,
  secret: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<boolean> {
  const caller = client.with(headers).withToken(secret);
  const { code } = await caller.graphql('{ introspect(token: "x") { active } }');
  if (code !== undefined && code !== 'UNAUTHENTICATED') throw new Error(`answered ${code}`);
  return code === undefined;
}
