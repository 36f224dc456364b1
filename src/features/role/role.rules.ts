import { systemRole, type Rank } from '../../actor.ts';

/** An Owner may act on everyone, an Admin on ordinary users, a user on nobody. */
export function mayActOn(actor: Rank, target: Rank): boolean {
  return actor === 'OWNER' || (actor === 'ADMIN' && target === 'USER');
}

/** Roles that only an Owner may grant or take away. */
export function isStaffRole(roleName: string): boolean {
  return roleName === systemRole.owner || roleName === systemRole.admin;
}
