import { mayReadUsers, type Actor } from '../../actor.ts';
import { blank, ErrorCode, type UserError } from '../../errors.ts';
import type { UserId } from '../../identifiers.ts';
import { characterCount, lineViolations } from '../../text.ts';

/** Whether `actor` may read what concerns nobody but the user: address, status, sign-ins. */
export function maySeePrivateFields(actor: Actor, userId: UserId): boolean {
  return mayReadUsers(actor) || (actor.type === 'user' && actor.userId === userId);
}

/** `email` is clean text. One `@` with text on both sides, no white space, at most 160 characters. */
export function emailViolations(email: string | null, field: string): UserError[] {
  if (email === null) {
    return [blank(field)];
  }
  const violations = lineViolations(email, field, 160);
  if (!/^[^\s@]+@[^\s@]+$/u.test(email)) {
    const message = 'must have one @ with text on both sides and no spaces';
    violations.push({ code: ErrorCode.INVALID, field, message });
  }
  return violations;
}

/** `username` is clean text or null. Three to thirty ASCII letters, digits and `_`, letter first. */
export function usernameViolations(username: string | null, field: string): UserError[] {
  if (username === null) return [];
  const violations: UserError[] = [];
  if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(username)) {
    const message = 'must start with a letter and contain only letters, digits and _';
    violations.push({ code: ErrorCode.INVALID, field, message });
  }
  if (characterCount(username) < 3) {
    const message = 'must have at least 3 characters';
    violations.push({ code: ErrorCode.TOO_SHORT, field, message });
  }
  if (characterCount(username) > 30) {
    const message = 'must have at most 30 characters';
    violations.push({ code: ErrorCode.TOO_LONG, field, message });
  }
  return violations;
}

export function nameViolations(name: string | null, field: string): UserError[] {
  return lineViolations(name, field, 100);
}

interface Named {
  readonly email: string;
  readonly username: string | null;
  readonly firstName: string | null;
  readonly lastName: string | null;
}

/** How to address a user: full name, else username, else the local part; never the whole address. */
export function displayName(user: Named): string {
  const fullName = [user.firstName, user.lastName].filter(Boolean).join(' ');
  if (fullName !== '') return fullName;
  const [localPart = ''] = user.email.split('@');
  return user.username ?? (characterCount(localPart) > 0 ? localPart : 'User');
}
