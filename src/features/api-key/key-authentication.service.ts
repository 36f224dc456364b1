import type { Scope } from '../../actor.ts';
import type { Ctx } from '../../context.ts';
import type { ApiKeyId } from '../../identifiers.ts';
import { hashApiKey, type ApiKeyText } from './api-key.token.ts';

export interface AuthenticatedKey {
  readonly keyId: ApiKeyId;
  readonly scopes: readonly Scope[];
}

interface KeyRow {
  readonly id: ApiKeyId;
  readonly scopes: Scope[];
  readonly is_admitted: boolean;
  readonly used_long_ago: boolean;
}

/**
 * Whose key this is; undefined for one that is unknown, expired, revoked or not for use from
 * `address`. Nothing is remembered from one request to the next, so that a key that ended is
 * refused at once, on every instance. Its use is noted once a minute: of the requests that arrive
 * together, one writes.
 */
export async function authenticateKey(
  ctx: Pick<Ctx, 'db' | 'log'>,
  key: ApiKeyText,
  address: string | null,
): Promise<AuthenticatedKey | undefined> {
  const [row]: KeyRow[] = await ctx.db.query(findSql, [hashApiKey(key), address]);
  if (row === undefined) return undefined;
  if (!row.is_admitted) {
    ctx.log.warn({ keyId: row.id, address }, 'an API key is used from where it may not be');
    return undefined;
  }
  if (row.used_long_ago) await ctx.db.query(touchSql, [row.id]);
  return { keyId: row.id, scopes: row.scopes };
}

const longAgo = `last_used_at < now() - interval '1 minute'`;

// An unknown address is in no network: `NULL <<= …` is not true.
const findSql = `
  SELECT id, scopes, addresses IS NULL OR ($2::inet <<= ANY (addresses)) IS TRUE AS is_admitted,
    last_used_at IS NULL OR ${longAgo} AS used_long_ago
  FROM api_keys
  WHERE (key_hash = $1 OR id = (
      SELECT api_key_id FROM former_secrets WHERE key_hash = $1 AND expires_at > now()))
    AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())`;

const touchSql = `
  UPDATE api_keys SET last_used_at = now()
  WHERE id = $1 AND (last_used_at IS NULL OR ${longAgo})`;
