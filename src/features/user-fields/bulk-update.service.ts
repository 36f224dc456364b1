import { transaction, type Ctx, type Tx } from '../../context.ts';
import { ErrorCode, Refusal, refuse, type UserError } from '../../errors.ts';
import { parseId, type UserId } from '../../identifiers.ts';
import { fieldRules } from '../custom-field/custom-field.service.ts';
import { authorityViolations, missingUser } from '../role/authority.service.ts';
import type { CustomFields } from '../user/user.entity.ts';
import { carryOut, planWriting } from './field-writer.service.ts';
import { readUserFields, type ReadFields } from './user-fields.rules.ts';
import { ownAddressViolations, writingOf } from './user-fields.service.ts';

const maxUsers = 1_000;

export interface BulkUpdate {
  readonly userIds: readonly string[];
  readonly fields: CustomFields;
  /** Whether to tell what would be done, and do nothing. */
  readonly dryRun: boolean;
}

/** How it went with one user: updated, unless there are errors. */
export interface BulkResult {
  /** The id, or what was given for one. */
  readonly userId: string;
  readonly id: UserId | undefined;
  readonly errors: readonly UserError[];
}

/**
 * Changes the same fields of up to 1,000 users, each as `updateUserFields` would: what is wrong
 * with one leaves the others alone. A user named twice is changed once. The results are in the
 * order of the ids. It takes as many statements for a thousand users as for one. Refuses with
 * `TOO_LONG` on `userIds`.
 */
export async function bulkUpdate(ctx: Ctx, update: BulkUpdate): Promise<BulkResult[]> {
  if (update.userIds.length > maxUsers) {
    refuse(ErrorCode.TOO_LONG, 'userIds', `must be at most ${maxUsers} users`);
  }
  const named = [...new Set(update.userIds.map((text) => parseId<UserId>(text) ?? text))];
  const ids = named.flatMap((text) => parseId<UserId>(text) ?? []);
  const errors = await errorsOf(ctx, ids, update);
  return named.map((userId) => {
    const id = parseId<UserId>(userId);
    return { userId, id, errors: id === undefined ? [missingUser] : (errors.get(id) ?? []) };
  });
}

type Errors = ReadonlyMap<UserId, readonly UserError[]>;

/** What is wrong, user by user; whoever has nothing wrong is updated, unless it is a dry run. */
async function errorsOf(ctx: Ctx, ids: readonly UserId[], update: BulkUpdate): Promise<Errors> {
  try {
    return await transaction(ctx, (ctx) => updateAll(ctx, ids, update));
  } catch (error) {
    // Only what one user alone can have is taken by another in this moment.
    if (!(error instanceof Refusal)) throw error;
    return new Map(ids.map((id) => [id, error.errors]));
  }
}

async function updateAll(tx: Tx, ids: readonly UserId[], update: BulkUpdate): Promise<Errors> {
  const refused = await authorityViolations(tx, ids);
  const errors = new Map<UserId, readonly UserError[]>();
  for (const [id, violation] of refused) errors.set(id, [violation]);
  const read = readUserFields(await fieldRules(tx), update.fields);
  const common = [...read.violations, ...sharedViolations(ids, read)];
  for (const id of ids.filter((id) => !refused.has(id))) {
    const violations = [...common, ...ownAddressViolations(tx, id, read)];
    if (violations.length > 0) errors.set(id, violations);
  }
  const writing = writingOf(read);
  const planned = await planWriting(
    tx,
    ids.filter((id) => !errors.has(id)),
    writing,
  );
  for (const id of ids.filter((id) => !errors.has(id))) {
    const violations = planned.get(id)?.violations ?? [missingUser];
    if (violations.length > 0) errors.set(id, violations);
  }
  const good = [...planned.values()].filter(({ user }) => !errors.has(user.id));
  if (!update.dryRun) await carryOut(tx, good, writing);
  return errors;
}

/** Two users cannot have one address or one username. */
function sharedViolations(ids: readonly UserId[], { profile, paths }: ReadFields): UserError[] {
  if (ids.length < 2) return [];
  return (['email', 'username'] as const)
    .filter((field) => typeof profile[field] === 'string')
    .map((field) => ({
      code: ErrorCode.INVALID,
      field: paths.get(field) ?? null,
      message: 'cannot be the same for several users',
    }));
}
