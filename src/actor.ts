import { signInFirst } from './errors.ts';
import type { ApiKeyId, SessionId, UserId } from './identifiers.ts';

/** The system roles. Their names never change, so code may rely on them. */
export const systemRole = { owner: 'Owner', admin: 'Admin', user: 'User' } as const;

/** Who is calling. `system` is Gatehouse itself: its scheduled work and its command line. */
export type Actor =
  | { readonly type: 'anonymous' }
  | {
      readonly type: 'user';
      readonly userId: UserId;
      readonly sessionId: SessionId;
      readonly roleNames: readonly string[];
      /** Whether the address is confirmed, or need not be. */
      readonly confirmed: boolean;
    }
  | { readonly type: 'key'; readonly keyId: ApiKeyId; readonly scopes: readonly Scope[] }
  | { readonly type: 'system' };

/** What an API key may be allowed to do. */
export const scopes = [
  'USERS_READ',
  'USERS_WRITE',
  'ROLES_WRITE',
  'SESSIONS_WRITE',
  'TOKENS_READ',
  'CREDENTIALS_VERIFY',
  'AUDIT_READ',
] as const;
export type Scope = (typeof scopes)[number];

/** What a caller may reach: an Owner all, an Admin what concerns ordinary users, a user the own. */
export const ranks = ['USER', 'ADMIN', 'OWNER'] as const;
export type Rank = (typeof ranks)[number];

export function rankOf(roleNames: readonly string[]): Rank {
  if (roleNames.includes(systemRole.owner)) return 'OWNER';
  return roleNames.includes(systemRole.admin) ? 'ADMIN' : 'USER';
}

export function hasRank(roleNames: readonly string[], required: Rank): boolean {
  return ranks.indexOf(rankOf(roleNames)) >= ranks.indexOf(required);
}

export function isAdministrator(actor: Actor): boolean {
  return actor.type === 'user' && hasRank(actor.roleNames, 'ADMIN');
}

/** The user who calls. Denied as `UNAUTHENTICATED` when somebody else does. */
export function requireUser(actor: Actor): Extract<Actor, { readonly type: 'user' }> {
  if (actor.type !== 'user') throw signInFirst();
  return actor;
}

/** Whether `actor` may read about users other than themselves. */
export function mayReadUsers(actor: Actor): boolean {
  if (actor.type === 'key') return actor.scopes.includes('USERS_READ');
  return isAdministrator(actor);
}
