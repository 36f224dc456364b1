import type { Tx } from '../../context.ts';
import { ErrorCode, Refusal, type UserError } from '../../errors.ts';
import type { UserId } from '../../identifiers.ts';
import type { JsonValue } from '../../json.ts';
import { recordAll } from '../audit/audit.service.ts';
import {
  changeFields,
  sizeViolations,
  type FieldChanges,
  type KeyPath,
} from '../custom-field/custom-field-map.rules.ts';
import { replaceAddress } from '../email/address-replacement.service.ts';
import type { CustomFields } from '../user/user.entity.ts';
import { isTakenByAnother } from '../user/user.service.ts';
import type { ProfileChanges } from './user-fields.rules.ts';

/** What shall be written to one user or to many. */
export interface Writing {
  readonly profile: ProfileChanges;
  /** What to do to the custom fields, once it is known what a user has. */
  readonly customFields: (current: CustomFields) => FieldChanges;
  /** Where the input says it: for what only shows beside what a user has already. */
  readonly paths: {
    readonly size: KeyPath;
    readonly email: string;
    readonly username: string;
  };
}

/** Columns by the names in `ProfileChanges`; an address is more than a column. */
const columns = {
  username: 'username',
  firstName: 'first_name',
  lastName: 'last_name',
  timezone: 'timezone',
  preferredLocale: 'preferred_locale',
} as const;
type ColumnField = keyof typeof columns;

type Stored = Readonly<Record<ColumnField, string | null>> & {
  readonly id: UserId;
  readonly email: string;
  readonly customFields: CustomFields;
};

type Changes = Readonly<Record<string, { readonly from: JsonValue; readonly to: JsonValue }>>;

/** A user, what is wrong with writing to them, and otherwise what it changes. */
interface Planned {
  readonly user: Stored;
  readonly violations: readonly UserError[];
  readonly changes: Changes;
  readonly customFields: FieldChanges;
}

/**
 * Plans the writing for every user of `ids` that there is. Their rows are locked in the order of
 * their ids until the transaction ends, so that what was found still holds when it is written, and
 * what another request writes to the same users meanwhile is neither lost nor overwritten.
 */
export async function planWriting(
  tx: Tx,
  ids: readonly UserId[],
  writing: Writing,
): Promise<ReadonlyMap<UserId, Planned>> {
  const users: Stored[] = await tx.db.query(
    `SELECT id, email, username, first_name AS "firstName", last_name AS "lastName", timezone,
       preferred_locale AS "preferredLocale", custom_fields AS "customFields"
     FROM users WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE`,
    [ids],
  );
  const taken = users.length > 0 ? await takenViolations(tx, ids, writing) : [];
  return new Map(users.map((user) => [user.id, planOne(user, writing, taken)]));
}

function planOne(user: Stored, writing: Writing, taken: readonly UserError[]): Planned {
  const customFields = writing.customFields(user.customFields);
  const after = changeFields(user.customFields, customFields);
  const violations = [...taken, ...sizeViolations(after, writing.paths.size)];
  const changes = { ...columnChanges(user, writing), ...customChanges(user.customFields, after) };
  return { user, violations, changes, customFields };
}

function columnChanges(user: Stored, { profile }: Writing): Changes {
  const changed = (Object.keys(columns) as ColumnField[]).flatMap((field) => {
    const to = profile[field];
    return to === undefined || to === user[field] ? [] : [[field, { from: user[field], to }]];
  });
  return Object.fromEntries(changed) as Changes;
}

function customChanges(before: CustomFields, after: CustomFields): Changes {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const changed = keys.filter((key) => !isSame(before[key], after[key]));
  return Object.fromEntries(
    changed.map((key) => [key, { from: before[key] ?? null, to: after[key] ?? null }]),
  );
}

/** As PostgreSQL compares JSON: the order of keys is nothing. */
function isSame(one: JsonValue | undefined, other: JsonValue | undefined): boolean {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) {
    return one === other;
  }
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const keys = Object.keys(one);
  const ours = one as Readonly<Record<string, JsonValue>>;
  const theirs = other as Readonly<Record<string, JsonValue>>;
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(theirs, key) && isSame(ours[key], theirs[key]))
  );
}

/** What cannot be written because somebody else has it. The index has the last word. */
async function takenViolations(
  tx: Tx,
  ids: readonly UserId[],
  { profile, paths }: Writing,
): Promise<UserError[]> {
  const { email = null, username = null } = profile;
  if (email === null && username === null) return [];
  const [row]: { email: boolean; username: boolean }[] = await tx.db.query(
    `SELECT EXISTS (SELECT FROM users WHERE lower(email) = lower($1) AND id <> ALL($3)) AS email,
       EXISTS (SELECT FROM users WHERE lower(username) = lower($2) AND id <> ALL($3)) AS username`,
    [email, username, ids],
  );
  const fields = (['email', 'username'] as const).filter((field) => row?.[field]);
  return fields.map((field) => takenAt(paths[field]));
}

function takenAt(field: string): UserError {
  return { code: ErrorCode.TAKEN, field, message: 'is taken' };
}

/**
 * Writes and records what the plan changes, in one statement each, whoever many users it is about;
 * an address and what follows from it come on top. Nothing is written where nothing changes.
 * Refuses with `TAKEN` what somebody else got in this moment.
 */
export async function carryOut(
  tx: Tx,
  planned: readonly Planned[],
  writing: Writing,
): Promise<void> {
  const changed = planned.filter(({ changes }) => Object.keys(changes).length > 0);
  if (changed.length > 0) {
    await writeChanges(tx, changed, writing);
    await recordAll(
      tx,
      changed.map(({ user, changes }) => ({
        action: 'fields.updated',
        subjectId: user.id,
        metadata: { changes },
      })),
    );
  }
  const { email, preferredLocale } = writing.profile;
  if (email === undefined || email === null) return;
  for (const { user } of planned.filter((one) => one.user.email !== email)) {
    const locale = preferredLocale === undefined ? user.preferredLocale : preferredLocale;
    await replaceAddress(tx, { ...user, locale }, email, writing.paths.email);
  }
}

async function writeChanges(tx: Tx, changed: readonly Planned[], writing: Writing): Promise<void> {
  const names = new Set(changed.flatMap(({ changes }) => Object.keys(changes)));
  const fields = (Object.keys(columns) as ColumnField[]).filter((field) => names.has(field));
  const values: unknown[] = [changed.map(({ user }) => user.id)];
  const placeFor = (value: unknown) => `$${values.push(value)}`;
  const assignments = fields.map(
    (field) => `${columns[field]} = ${placeFor(writing.profile[field])}`,
  );
  // What is set and removed is the same for all that are written together.
  const { set, removed } = changed[0]?.customFields ?? { set: {}, removed: [] };
  if (names.size > fields.length) {
    const kept = `custom_fields - ${placeFor(removed)}::text[]`;
    assignments.push(`custom_fields = (${kept}) || ${placeFor(JSON.stringify(set))}::jsonb`);
  }
  try {
    await tx.db.query(
      `UPDATE users SET ${assignments.join(', ')}, updated_at = now() WHERE id = ANY($1)`,
      values,
    );
  } catch (error) {
    throw isTakenByAnother(error, 'username')
      ? new Refusal([takenAt(writing.paths.username)])
      : error;
  }
}
