import { errors, jwtVerify, type JWK } from 'jose';
import type { Ctx } from '../../context.ts';
import {
  admit,
  authenticationBy,
  type Authenticated,
  type AuthenticationRow,
} from '../session/authentication.service.ts';
import { accessTokenType, readClaims } from './access-token.rules.ts';

interface TokenRow extends AuthenticationRow {
  readonly signing_key: JWK | null;
}

// The clocks of instances differ by so much at most.
const clockTolerance = 5;

/**
 * Whose access token this is, while the session behind it lives and its user is active. One
 * statement reads the session, the user with the roles of this moment, and the public key; the
 * token is believed nothing before that key has proven it. Undefined for every other text.
 */
export async function authenticateAccessToken(
  ctx: Pick<Ctx, 'db' | 'config' | 'ports'>,
  token: string,
  issuer: string,
): Promise<Authenticated | undefined> {
  const claimed = readClaims(token);
  if (claimed === undefined) return undefined;
  const ids = `${claimed.sessionId}${claimed.keyId}`.replaceAll('-', '');
  const row = await ctx.ports.lookUp<TokenRow>(bySession, Buffer.from(ids, 'hex'));
  if (row === undefined || row.signing_key === null) return undefined;
  const isGenuine = await verify(token, row.signing_key, {
    issuer,
    subject: row.user_id,
    maxTokenAge: ctx.config.tokenSeconds.access,
  });
  return isGenuine ? admit(ctx, row) : undefined;
}

const idAt = (place: number) => `encode(substr(asked.key, ${place}, 16), 'hex')::uuid`;

const bySession = authenticationBy('authentication_by_access_token', {
  condition: `s.id = ${idAt(1)}`,
  columns: `(SELECT k.public_key FROM signing_keys k WHERE k.id = ${idAt(17)}) AS signing_key,`,
});

async function verify(
  token: string,
  key: JWK,
  claims: { readonly issuer: string; readonly subject: string; readonly maxTokenAge: number },
): Promise<boolean> {
  try {
    await jwtVerify(token, key, {
      algorithms: ['ES256'], // and neither `none` nor a secret made of the public key
      typ: accessTokenType,
      ...claims,
      audience: claims.issuer,
      requiredClaims: ['exp', 'jti'],
      clockTolerance,
    });
    return true;
  } catch (error) {
    if (error instanceof errors.JOSEError) return false;
    throw error;
  }
}
