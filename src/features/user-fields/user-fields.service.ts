import { requireUser } from '../../actor.ts';
import { transaction, type Ctx, type Tx } from '../../context.ts';
import { ErrorCode, Refusal, refuse, type UserError } from '../../errors.ts';
import { parseId, type UserId } from '../../identifiers.ts';
import type { JsonValue } from '../../json.ts';
import {
  readChanges,
  readFields,
  type FieldChanges,
  type KeyPath,
} from '../custom-field/custom-field-map.rules.ts';
import { fieldRules } from '../custom-field/custom-field.service.ts';
import type { FieldRules } from '../custom-field/custom-field.rules.ts';
import { missingUser, refuseMissingUser, requireAuthorityOver } from '../role/authority.service.ts';
import type { CustomFields } from '../user/user.entity.ts';
import { carryOut, planWriting, type Writing } from './field-writer.service.ts';
import { readUserFields, type ReadFields } from './user-fields.rules.ts';

/**
 * Changes profile and custom fields of a user: all of it, or nothing. What is not named stays as
 * it is; null clears. A new address is unconfirmed, and all that follows from one follows. Refuses
 * with everything that is wrong, at `fields.<name>`; with `INSUFFICIENT_PERMISSIONS` an own
 * address, too, which takes a password to change; and with `NOT_FOUND`.
 */
export function updateUserFields(ctx: Ctx, userId: string, fields: CustomFields): Promise<UserId> {
  return transaction(ctx, async (ctx) => {
    const targetId = await requireTarget(ctx, userId);
    const read = readUserFields(await fieldRules(ctx), fields);
    refuseAny([...read.violations, ...ownAddressViolations(ctx, targetId, read)]);
    await write(ctx, targetId, writingOf(read));
    return targetId;
  });
}

/**
 * Sets one custom field and leaves the others, whoever else writes them at this moment; null
 * removes it. Refuses on `key` and `value`, and with `NOT_FOUND` and `INSUFFICIENT_PERMISSIONS`.
 */
export function setCustomField(
  ctx: Ctx,
  userId: string,
  key: string,
  value: JsonValue,
): Promise<UserId> {
  return transaction(ctx, async (ctx) => {
    const targetId = await requireTarget(ctx, userId);
    await writeKey(ctx, targetId, await fieldRules(ctx), { [key]: value });
    return targetId;
  });
}

/**
 * Sets one of the caller's own custom fields. Refuses as `setCustomField` does; with
 * `UNKNOWN_FIELD` on `key` where there is no such definition, and with `INSUFFICIENT_PERMISSIONS`
 * where users may not write it.
 */
export function setOwnCustomField(ctx: Ctx, key: string, value: JsonValue): Promise<UserId> {
  const { userId } = requireUser(ctx.actor);
  return transaction(ctx, async (ctx) => {
    const rules = await fieldRules(ctx);
    const definition = rules.definitions.get(key);
    if (definition === undefined) {
      return refuse(ErrorCode.UNKNOWN_FIELD, 'key', 'is not a custom field');
    }
    if (!definition.userEditable) {
      return refuse(ErrorCode.INSUFFICIENT_PERMISSIONS, 'key', 'is not for users to write');
    }
    await writeKey(ctx, userId, rules, { [key]: value });
    return userId;
  });
}

/**
 * Removes a custom field; one that is not there is removed already. Refuses with `REQUIRED` on
 * `key` what is required, and with `NOT_FOUND` and `INSUFFICIENT_PERMISSIONS`.
 */
export function deleteCustomField(ctx: Ctx, userId: string, key: string): Promise<UserId> {
  return transaction(ctx, async (ctx) => {
    const targetId = await requireTarget(ctx, userId);
    const { definitions } = await fieldRules(ctx);
    if (definitions.get(key)?.required) refuse(ErrorCode.REQUIRED, 'key', 'is required');
    await write(ctx, targetId, customWriting(wholePath('key'), { set: {}, removed: [key] }));
    return targetId;
  });
}

/**
 * Gives a user these custom fields and no others. Refuses with everything that is wrong, at
 * `customFields.<key>`; with `REQUIRED` what is required and missing; with `NOT_FOUND` and
 * `INSUFFICIENT_PERMISSIONS`.
 */
export function replaceCustomFields(
  ctx: Ctx,
  userId: string,
  customFields: CustomFields,
): Promise<UserId> {
  return transaction(ctx, async (ctx) => {
    const targetId = await requireTarget(ctx, userId);
    const { fields, violations } = readFields(await fieldRules(ctx), customFields, 'customFields');
    refuseAny(violations);
    await write(ctx, targetId, {
      ...customWriting(wholePath('customFields'), { set: fields, removed: [] }),
      customFields: (current) => ({
        set: fields,
        removed: Object.keys(current).filter((key) => !Object.hasOwn(fields, key)),
      }),
    });
    return targetId;
  });
}

async function requireTarget(tx: Tx, userId: string): Promise<UserId> {
  const targetId = parseId<UserId>(userId) ?? refuseMissingUser();
  await requireAuthorityOver(tx, targetId);
  return targetId;
}

async function writeKey(
  tx: Tx,
  userId: UserId,
  rules: FieldRules,
  given: CustomFields,
): Promise<void> {
  const path = { key: 'key', value: 'value' };
  const { changes, violations } = readChanges(rules, given, 'key', () => path);
  refuseAny(violations);
  await write(tx, userId, customWriting(path, changes));
}

async function write(tx: Tx, userId: UserId, writing: Writing): Promise<void> {
  const planned = (await planWriting(tx, [userId], writing)).get(userId);
  if (planned === undefined) throw new Refusal([missingUser]);
  refuseAny(planned.violations);
  await carryOut(tx, [planned], writing);
}

function refuseAny(violations: readonly UserError[]): void {
  if (violations.length > 0) throw new Refusal(violations);
}

/** What was read from `fields`, as it is written. */
export function writingOf({ profile, customFields, paths }: ReadFields): Writing {
  return {
    profile,
    customFields: () => customFields,
    paths: {
      size: wholePath('fields'),
      email: paths.get('email') ?? 'fields.email',
      username: paths.get('username') ?? 'fields.username',
    },
  };
}

function customWriting(size: KeyPath, changes: FieldChanges): Writing {
  return {
    profile: {},
    customFields: () => changes,
    paths: { size, email: '', username: '' },
  };
}

function wholePath(path: string): KeyPath {
  return { key: path, value: path };
}

/** Nobody changes an own address without the password, and so nobody confirms or unconfirms it. */
export function ownAddressViolations(
  { actor }: Ctx,
  userId: UserId,
  { profile, paths }: ReadFields,
): UserError[] {
  if (actor.type !== 'user' || actor.userId !== userId || profile.email === undefined) return [];
  const message = 'Change your own address by requestEmailChange.';
  const field = paths.get('email') ?? null;
  return [{ code: ErrorCode.INSUFFICIENT_PERMISSIONS, field, message }];
}
