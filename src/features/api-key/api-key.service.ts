import type { Scope } from '../../actor.ts';
import type { Ctx } from '../../context.ts';
import type { ApiKeyId } from '../../identifiers.ts';
import { hashApiKey, type ApiKeyText } from './api-key.token.ts';

export interface AuthenticatedKey {
  readonly keyId: ApiKeyId;
  readonly scopes: readonly Scope[];
}

/**
 * Whose key this is; undefined for one that is unknown, expired or revoked. Its use is noted once
 * a minute: of the requests that arrive together, one writes.
 */
export async function authenticateKey(
  ctx: Pick<Ctx, 'db'>,
  key: ApiKeyText,
): Promise<AuthenticatedKey | undefined> {
  const [row]: { id: ApiKeyId; scopes: Scope[]; used_long_ago: boolean }[] = await ctx.db.query(
    `SELECT id, scopes, last_used_at IS NULL OR ${longAgo} AS used_long_ago FROM api_keys
     WHERE key_hash = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())`,
    [hashApiKey(key)],
  );
  if (row === undefined) return undefined;
  if (row.used_long_ago) {
    await ctx.db.query(
      `UPDATE api_keys SET last_used_at = now()
       WHERE id = $1 AND (last_used_at IS NULL OR ${longAgo})`,
      [row.id],
    );
  }
  return { keyId: row.id, scopes: row.scopes };
}

const longAgo = `last_used_at < now() - interval '1 minute'`;
