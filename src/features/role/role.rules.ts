import { systemRole, type Rank } from '../../actor.ts';
import { blank, type UserError } from '../../errors.ts';
import { cleanText, lineViolations } from '../../text.ts';

/** An Owner may act on everyone, an Admin on ordinary users, a user on nobody. */
export function mayActOn(actor: Rank, target: Rank): boolean {
  return actor === 'OWNER' || (actor === 'ADMIN' && target === 'USER');
}

/** Roles that only an Owner may grant or take away. */
export function isStaffRole(roleName: string): boolean {
  return roleName === systemRole.owner || roleName === systemRole.admin;
}

/** What a role is, as clean text. */
export interface RoleDefinition {
  readonly name: string | null;
  readonly description: string | null;
}

/** A role as it is given. */
export type RoleInput = { readonly [Field in keyof RoleDefinition]?: string | null | undefined };

/** What is given, as clean text: undefined is left as it is, null or blank is cleared. */
export function readRole({ name, description }: RoleInput): Partial<RoleDefinition> {
  return {
    ...(name === undefined ? {} : { name: cleanText(name) }),
    ...(description === undefined ? {} : { description: cleanText(description) }),
  };
}

/** Everything that is wrong with what is given. `role.entity.ts` has room for as much. */
export function roleFieldViolations({ name, description }: Partial<RoleDefinition>): UserError[] {
  const missing = blank('name');
  return [
    ...(name === null ? [missing] : lineViolations(name ?? null, 'name', 50)),
    ...lineViolations(description ?? null, 'description', 500),
  ];
}
