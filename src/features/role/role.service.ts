import { QueryFailedError, type SelectQueryBuilder } from 'typeorm';
import { systemRole } from '../../actor.ts';
import { transaction, type Ctx, type Tx } from '../../context.ts';
import { ErrorCode, refuse, Refusal, type UserError } from '../../errors.ts';
import { newId, parseId, type RoleId } from '../../identifiers.ts';
import { cleanText, hasForbiddenCharacters } from '../../text.ts';
import { record } from '../audit/audit.service.ts';
import { requireAdministrator } from './authority.service.ts';
import { Role } from './role.entity.ts';
import {
  readRole,
  roleFieldViolations,
  type RoleDefinition,
  type RoleInput,
} from './role.rules.ts';

/** All roles: those of Gatehouse first, then by name. */
export function listRoles(ctx: Ctx): Promise<Role[]> {
  return ctx.db.find(Role, { order: { isSystem: 'DESC', name: 'ASC' } });
}

/**
 * Makes a role, which nobody holds yet. Refuses with everything that is wrong with `name` and
 * `description`: `REQUIRED`, `TOO_LONG`, `INVALID`, and `TAKEN` for a name of another role; and, as
 * all of these do, with `INSUFFICIENT_PERMISSIONS` who is no administrator any more.
 */
export function createRole(
  ctx: Ctx,
  name: string,
  description: string | null | undefined,
): Promise<Role> {
  return transaction(ctx, async (ctx) => {
    await requireAdministrator(ctx);
    const definition = { name: cleanText(name), description: cleanText(description) };
    const id = newId<RoleId>();
    await requireNoViolations(ctx, id, definition);
    const [inserted]: unknown[] = await ctx.db.query(
      `INSERT INTO roles (id, name, description, created_at, updated_at)
       VALUES ($1, $2, $3, now(), now()) ON CONFLICT DO NOTHING RETURNING id`,
      [id, definition.name, definition.description],
    );
    // Two who want the same name both found it free a moment ago; the index lets one have it.
    if (inserted === undefined) throw new Refusal([takenName]);
    const metadata = { roleId: id, role: definition.name, description: definition.description };
    await record(ctx, { action: 'role.created', subjectId: null, metadata });
    return ctx.db.findOneByOrFail(Role, { id });
  });
}

/**
 * Changes what is given of a role; a null or blank description is cleared. Whoever holds the role
 * holds it under its new name. Refuses like `createRole`, and with `NOT_FOUND` and
 * `SYSTEM_ROLE_PROTECTED` on `id`.
 */
export function updateRole(ctx: Ctx, id: string, input: RoleInput): Promise<Role> {
  return transaction(ctx, async (ctx) => {
    await requireAdministrator(ctx);
    const role = await lockOwnRole(ctx, id, 'for_no_key_update');
    const wanted = readRole(input);
    await requireNoViolations(ctx, role.id, wanted);
    const fields = (['name', 'description'] as const).filter(
      (field) => wanted[field] !== undefined && wanted[field] !== role[field],
    );
    if (fields.length === 0) return role;
    const written = Object.fromEntries(fields.map((field) => [field, wanted[field]]));
    await ctx.db
      .update(Role, { id: role.id }, { ...written, updatedAt: () => 'now()' })
      .catch((error: unknown) => {
        throw violates(error, 'roles_name_key') ? new Refusal([takenName]) : error;
      });
    const changes = Object.fromEntries(
      fields.map((field) => [field, { from: role[field], to: wanted[field] }]),
    );
    const metadata = { roleId: role.id, role: role.name, changes };
    await record(ctx, { action: 'role.updated', subjectId: null, metadata });
    return ctx.db.findOneByOrFail(Role, { id: role.id });
  });
}

/**
 * Deletes a role and answers what it was. Refuses with `ROLE_IN_USE` while somebody holds it, and
 * with `NOT_FOUND` and `SYSTEM_ROLE_PROTECTED`, all on `id`.
 */
export function deleteRole(ctx: Ctx, id: string): Promise<Role> {
  return transaction(ctx, async (ctx) => {
    await requireAdministrator(ctx);
    const role = await lockOwnRole(ctx, id, 'pessimistic_write');
    // The foreign key decides: whoever gives the role in this moment waits, or was here before.
    await ctx.db.delete(Role, { id: role.id }).catch((error: unknown) => {
      if (!violates(error, 'role_assignments_role_id_fkey')) throw error;
      refuse(ErrorCode.ROLE_IN_USE, 'id', 'Somebody holds this role.');
    });
    const metadata = { roleId: role.id, role: role.name, description: role.description };
    await record(ctx, { action: 'role.deleted', subjectId: null, metadata });
    return role;
  });
}

/** A role that is not of Gatehouse, locked until the transaction ends. */
async function lockOwnRole(
  tx: Tx,
  id: string,
  mode: 'for_no_key_update' | 'pessimistic_write',
): Promise<Role> {
  const roleId = parseId<RoleId>(id);
  const role = roleId && (await tx.db.findOne(Role, { where: { id: roleId }, lock: { mode } }));
  if (!role) return refuse(ErrorCode.NOT_FOUND, 'id', 'There is no such role.');
  if (!role.isSystem) return role;
  const message = 'Owner, Admin and User cannot be changed.';
  return refuse(ErrorCode.SYSTEM_ROLE_PROTECTED, 'id', message);
}

const takenName: UserError = { code: ErrorCode.TAKEN, field: 'name', message: 'is taken' };

async function requireNoViolations(
  tx: Tx,
  id: RoleId,
  definition: Partial<RoleDefinition>,
): Promise<void> {
  const violations = roleFieldViolations(definition);
  const { name } = definition;
  if (name && !violations.some(({ field }) => field === takenName.field)) {
    const other = await findRole(tx, name);
    if (other !== null && other.id !== id) violations.unshift(takenName);
  }
  if (violations.length > 0) throw new Refusal(violations);
}

function violates(error: unknown, constraint: string): boolean {
  if (!(error instanceof QueryFailedError)) return false;
  return (error.driverError as { readonly constraint?: string }).constraint === constraint;
}

/** A role by its name, without regard to case. */
export function findRole(ctx: Ctx, name: string): Promise<Role | null> {
  return roleNamed(ctx, name)?.getOne() ?? Promise.resolve(null);
}

/** The same, to be given: it cannot be deleted before the transaction ends. */
export function findRoleToGive(tx: Tx, name: string): Promise<Role | null> {
  return roleNamed(tx, name)?.setLock('for_key_share').getOne() ?? Promise.resolve(null);
}

function roleNamed(ctx: Ctx, name: string): SelectQueryBuilder<Role> | undefined {
  const text = cleanText(name);
  if (text === null || hasForbiddenCharacters(text)) return undefined;
  return ctx.db.createQueryBuilder(Role, 'role').where('lower(role.name) = lower(:text)', { text });
}

/** What everyone gets: `DEFAULT_ROLE`, or `User` while there is no such role. */
export async function defaultRole(tx: Tx): Promise<Role> {
  const { defaultRole: name } = tx.config.registration;
  const configured = await findRoleToGive(tx, name);
  if (configured) return configured;
  tx.log.warn({ defaultRole: name }, 'DEFAULT_ROLE names no role: a newcomer got User instead');
  return systemRoleNamed(tx, systemRole.user);
}

/** A role the migrations made; its absence is a broken database, not a mistake of the caller. */
export function systemRoleNamed(ctx: Ctx, name: string): Promise<Role> {
  return ctx.db.findOneByOrFail(Role, { name, isSystem: true });
}
