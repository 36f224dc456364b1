import { systemRole } from '../../actor.ts';
import { transaction, type Ctx, type Tx } from '../../context.ts';
import { ErrorCode, refuse, Refusal, type UserError } from '../../errors.ts';
import type { UserId } from '../../identifiers.ts';
import { cleanText } from '../../text.ts';
import { record } from '../audit/audit.service.ts';
import { readNewFields } from '../custom-field/custom-field-map.rules.ts';
import { fieldRules } from '../custom-field/custom-field.service.ts';
import { sendConfirmation } from '../email/confirmation.service.ts';
import { locate } from '../location/location.service.ts';
import { hashNewPassword, unusableHash } from '../password/password.service.ts';
import { readLocale, timezoneViolations } from '../profile/profile.rules.ts';
import {
  insertAccount,
  takenViolations,
  type NewAccount,
} from '../registration/account.service.ts';
import {
  candidateViolations,
  readCandidate,
  type AccountInput,
} from '../registration/candidate.rules.ts';
import { grant } from '../role-assignment/role-assignment.service.ts';
import { requireAuthorityToGive } from '../role/authority.service.ts';
import { lockOwnership } from '../role/ownership.service.ts';
import type { Role } from '../role/role.entity.ts';
import { isStaffRole } from '../role/role.rules.ts';
import { defaultRole, findRole, findRoleToGive } from '../role/role.service.ts';
import { readDevice } from '../sign-in/named-device.service.ts';
import type { CustomFields } from '../user/user.entity.ts';

export interface NewUser extends AccountInput {
  readonly timezone?: string | null | undefined;
  readonly locale?: string | null | undefined;
  readonly confirmed?: boolean | null | undefined;
  /** Given beside the default role. */
  readonly roles?: readonly string[] | null | undefined;
  readonly sendConfirmation?: boolean | null | undefined;
  /** Where they are given, all that is required must be among them. */
  readonly customFields?: CustomFields | null | undefined;
}

/**
 * Makes an account for somebody else, also where registration is closed: user, roles, audit
 * entries and confirmation mail are one transaction. Without a password nobody can sign in until
 * one is chosen by a mailed link. It never takes the Owner's seat of an empty database, which is
 * for who registers. Refuses with every violation found, `TAKEN`, `ROLE_NOT_FOUND` and
 * `OWNER_ROLE_PROTECTED` among them, and with `INSUFFICIENT_PERMISSIONS`.
 */
export async function createUser(
  ctx: Ctx,
  input: NewUser,
  ipAddress: string | null,
): Promise<UserId> {
  const { details, roles } = await readNewUser(ctx, input, ipAddress);
  const { password = null } = input;
  const passwordHash =
    password === null ? unusableHash(ctx) : await hashNewPassword(ctx, password, 'input.password');
  const account = { ...details, passwordHash, place: await locate(ctx, details.address) };
  const confirmed = input.confirmed ?? false;
  return transaction(ctx, async (ctx) => {
    const roleNames = roles.map(({ name }) => name);
    if (roleNames.some(isStaffRole)) await lockOwnership(ctx);
    await requireAuthorityToGive(ctx, roleNames);
    const userId = await insertAccount(ctx, account, confirmed);
    await record(ctx, { action: 'user.created', subjectId: userId, metadata: { confirmed } });
    await grant(ctx, userId, await defaultRole(ctx));
    for (const name of roleNames) await grant(ctx, userId, await requireRole(ctx, name));
    if (!confirmed && input.sendConfirmation !== false) await mailLink(ctx, userId, account);
    return userId;
  });
}

/** A role that was there a moment ago. */
async function requireRole(tx: Tx, name: string): Promise<Role> {
  const role = await findRoleToGive(tx, name);
  return role ?? refuse(ErrorCode.ROLE_NOT_FOUND, rolesField, noSuchRole);
}

function mailLink(tx: Tx, id: UserId, { email, preferredLocale }: NewAccount): Promise<void> {
  return sendConfirmation(tx, { id, email, locale: preferredLocale });
}

interface ReadUser {
  readonly details: Omit<NewAccount, 'passwordHash' | 'place'>;
  readonly roles: readonly Role[];
}

async function readNewUser(ctx: Ctx, input: NewUser, ipAddress: string | null): Promise<ReadUser> {
  const candidate = readCandidate(input);
  const timezone = cleanText(input.timezone);
  const typedLocale = cleanText(input.locale);
  const locale = typedLocale === null ? noLocale : readLocale(typedLocale, 'input.locale');
  const { device, violations: deviceViolations } = readDevice({ ipAddress });
  const { roles, violations: roleViolations } = await readRoles(ctx, input.roles ?? []);
  const { customFields, violations: fieldViolations } = await readCustomFields(ctx, input);
  const violations = [
    ...candidateViolations(ctx.config.password, input, candidate),
    ...timezoneViolations(timezone, 'input.timezone'),
    ...('violation' in locale ? [locale.violation] : []),
    ...roleViolations,
    ...fieldViolations,
    ...deviceViolations,
  ];
  if (violations.length > 0 || 'violation' in locale) {
    throw new Refusal([...violations, ...(await takenViolations(ctx, candidate, violations))]);
  }
  const told = { timezone, preferredLocale: locale.canonical, customFields };
  return { details: { ...candidate, ...told, address: device.address }, roles };
}

/** Null when none are given: then the defaults alone are stored. */
async function readCustomFields(
  ctx: Ctx,
  { customFields = null }: NewUser,
): Promise<{
  readonly customFields: CustomFields | null;
  readonly violations: readonly UserError[];
}> {
  if (customFields === null) return { customFields, violations: [] };
  const read = readNewFields(await fieldRules(ctx), customFields, 'input.customFields');
  return { customFields: read.fields, violations: read.violations };
}

const noLocale = { canonical: null };
const rolesField = 'input.roles';
const noSuchRole = 'There is no such role.';

// Each is looked up, and given in a statement of its own.
const maxRoles = 100;

/** The roles by their names, and what is wrong with those that cannot be given. */
async function readRoles(
  ctx: Ctx,
  names: readonly string[],
): Promise<{ readonly roles: readonly Role[]; readonly violations: readonly UserError[] }> {
  const roles: Role[] = [];
  const violations: UserError[] = [];
  if (names.length > maxRoles) {
    const message = `must name at most ${maxRoles} roles`;
    return { roles, violations: [{ code: ErrorCode.TOO_LONG, field: rolesField, message }] };
  }
  for (const name of names) {
    const role = await findRole(ctx, name);
    if (role === null) {
      violations.push({ code: ErrorCode.ROLE_NOT_FOUND, field: rolesField, message: noSuchRole });
    } else if (role.name === systemRole.owner) {
      const message = 'The Owner role is only given by a transfer of ownership.';
      violations.push({ code: ErrorCode.OWNER_ROLE_PROTECTED, field: rolesField, message });
    } else roles.push(role);
  }
  return { roles, violations };
}
