import type { DataSource } from 'typeorm';
import type { Ctx, Tx } from '../../context.ts';
import { ErrorCode, Refusal, refuse } from '../../errors.ts';
import { newId, parseId, type ApiKeyId } from '../../identifiers.ts';
import { record } from '../audit/audit.service.ts';
import { asOwner } from '../role/ownership.service.ts';
import { ApiKey } from './api-key.entity.ts';
import { graceViolations, readKey, type KeyInput } from './api-key.rules.ts';
import { hashApiKey, newApiKey, prefixOf, type ApiKeyText } from './api-key.token.ts';
import { FormerSecret } from './former-secret.entity.ts';

/** A key with the secret it has just been given, which nobody can be told again. */
export interface IssuedKey {
  readonly apiKey: ApiKey;
  readonly secret: ApiKeyText;
}

const maxListedKeys = 1000;

/** The keys of this Gatehouse, those that have ended among them; newest first, a thousand at most. */
export function listApiKeys(ctx: Ctx): Promise<ApiKey[]> {
  return ctx.db.find(ApiKey, { order: { createdAt: 'DESC', id: 'DESC' }, take: maxListedKeys });
}

/**
 * Makes a key. Refuses with everything that is wrong: `REQUIRED`, `TOO_LONG` and `INVALID` on
 * `name`, `scopes`, `expiresAt` and `addresses`, and with `INSUFFICIENT_PERMISSIONS`.
 */
export function createApiKey(ctx: Ctx, input: KeyInput): Promise<IssuedKey> {
  return asOwner(ctx, async (ctx) => {
    const { definition, violations } = readKey(input);
    if (violations.length > 0) throw new Refusal(violations);
    const { name, scopes, expiresAt, addresses } = definition;
    const id = newId<ApiKeyId>();
    const secret = newApiKey();
    const createdBy = ctx.actor.type === 'user' ? ctx.actor.userId : null;
    // `network` clears what lies behind the prefix: 192.0.2.1/24 is 192.0.2.0/24.
    await ctx.db.query(
      `INSERT INTO api_keys
         (id, name, key_hash, prefix, scopes, addresses, created_by_id, created_at, expires_at)
       VALUES ($1, $2, $3, $4, $5, (SELECT array_agg(DISTINCT network(one::inet))
         FROM unnest($6::text[]) AS one), $7, now(), $8)`,
      [id, name, hashApiKey(secret), prefixOf(secret), scopes, addresses, createdBy, expiresAt],
    );
    const apiKey = await ctx.db.findOneByOrFail(ApiKey, { id });
    const metadata = { ...told(apiKey), scopes, expiresAt, addresses: apiKey.addresses };
    await record(ctx, { action: 'api_key.created', subjectId: null, metadata });
    return { apiKey, secret };
  });
}

/**
 * Gives a key a new secret. The one before goes on for so many seconds more; so do those before it,
 * each for the time it was given, but no longer than that. Everything else stays. Refuses with
 * `NOT_FOUND` and `INVALID` (it is revoked or has expired) on `id`, with `INVALID` on
 * `graceSeconds`, and with `INSUFFICIENT_PERMISSIONS`.
 */
export function rotateApiKey(ctx: Ctx, id: string, graceSeconds: number): Promise<IssuedKey> {
  return asOwner(ctx, async (ctx) => {
    const violations = graceViolations(graceSeconds);
    if (violations.length > 0) throw new Refusal(violations);
    const key = await lockKey(ctx, id);
    requireAlive(key);
    const secret = newApiKey();
    await retireSecret(ctx, key.id, graceSeconds);
    const replacement = { keyHash: hashApiKey(secret), prefix: prefixOf(secret) };
    await ctx.db.update(ApiKey, { id: key.id }, replacement);
    const metadata = { ...told(key), graceSeconds };
    await record(ctx, { action: 'api_key.rotated', subjectId: null, metadata });
    return { apiKey: await ctx.db.findOneByOrFail(ApiKey, { id: key.id }), secret };
  });
}

/** A secret that leaked is rotated without grace: then no former one may go on either. */
async function retireSecret(tx: Tx, id: ApiKeyId, graceSeconds: number): Promise<void> {
  await tx.db.query(
    `UPDATE former_secrets SET expires_at = now() + make_interval(secs => $2)
     WHERE api_key_id = $1 AND expires_at > now() + make_interval(secs => $2)`,
    [id, graceSeconds],
  );
  await tx.db.query(
    `INSERT INTO former_secrets (key_hash, api_key_id, expires_at)
     SELECT key_hash, id, now() + make_interval(secs => $2) FROM api_keys WHERE id = $1`,
    [id, graceSeconds],
  );
}

/**
 * Ends a key, its former secrets included. One that is revoked already is answered as it is.
 * Refuses with `NOT_FOUND` on `id`, and with `INSUFFICIENT_PERMISSIONS`.
 */
export function revokeApiKey(ctx: Ctx, id: string): Promise<ApiKey> {
  return asOwner(ctx, async (ctx) => {
    const key = await lockKey(ctx, id);
    if (key.revokedAt !== null) return key;
    await ctx.db.delete(FormerSecret, { apiKeyId: key.id });
    await ctx.db.update(ApiKey, { id: key.id }, { revokedAt: () => 'now()' });
    await record(ctx, { action: 'api_key.revoked', subjectId: null, metadata: told(key) });
    return ctx.db.findOneByOrFail(ApiKey, { id: key.id });
  });
}

async function lockKey(tx: Tx, text: string): Promise<ApiKey> {
  const id = parseId<ApiKeyId>(text);
  const lock = { mode: 'for_no_key_update' } as const;
  const key = id && (await tx.db.findOne(ApiKey, { where: { id }, lock }));
  return key ?? refuse(ErrorCode.NOT_FOUND, 'id', 'There is no such API key.');
}

function requireAlive({ revokedAt, expiresAt }: ApiKey): void {
  if (revokedAt !== null) refuse(ErrorCode.INVALID, 'id', 'This API key has been revoked.');
  if (expiresAt !== null && expiresAt.getTime() <= Date.now()) {
    refuse(ErrorCode.INVALID, 'id', 'This API key has expired.');
  }
}

/** What the audit log says about a key: never its secret, nor more of it than everybody sees. */
const told = ({ id, name, prefix }: ApiKey) => ({ keyId: id, name, prefix });

/** Deletes former secrets that have run out. Answers how many. */
export async function sweepFormerSecrets(dataSource: DataSource): Promise<number> {
  const [, count]: [unknown, number] = await dataSource.query(
    `DELETE FROM former_secrets WHERE key_hash IN (
       SELECT key_hash FROM former_secrets WHERE expires_at < now()
       LIMIT 10000 FOR UPDATE SKIP LOCKED)`,
  );
  return count;
}
