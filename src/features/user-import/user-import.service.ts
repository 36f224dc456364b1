import { systemRole } from '../../actor.ts';
import { transaction, type Ctx, type Tx } from '../../context.ts';
import { ErrorCode, type UserError } from '../../errors.ts';
import { fieldRules } from '../custom-field/custom-field.service.ts';
import { defaultRole, listRoles } from '../role/role.service.ts';
import { noteEvents } from '../webhook-event/webhook-event.service.ts';
import type { ImportedRole, ImportedUser, ImportKnowledge } from './import-row.rules.ts';
import {
  createTrial,
  insertIntoTrial,
  insertIntoUsers,
  takeConflicts,
  type Inserted,
  type RefusedRow,
} from './insertion.service.ts';
import { stage } from './staging.service.ts';

export interface ImportedBatch {
  readonly imported: number;
  /** Whose address has an account already: what an earlier import made, or anybody else. */
  readonly skipped: number;
  readonly refused: readonly RefusedRow[];
}

/** Finds what rows are read against. Owner is never given by a file: there are operations for it. */
export async function prepareImport(ctx: Ctx): Promise<ImportKnowledge> {
  const first = await transaction(ctx, (ctx) => defaultRole(ctx));
  const roles = new Map<string, ImportedRole | UserError>();
  for (const { id, name } of await listRoles(ctx)) {
    roles.set(name.toLowerCase(), name === systemRole.owner ? protectedOwner : { id, name });
  }
  return {
    defaultRole: { id: first.id, name: first.name },
    fieldRules: await fieldRules(ctx),
    findRole: (name) => roles.get(name.trim().toLowerCase()) ?? unknownRole,
  };
}

const protectedOwner: UserError = {
  code: ErrorCode.OWNER_ROLE_PROTECTED,
  field: 'roles',
  message: 'cannot hold Owner, which is only given by a transfer of ownership',
};

const unknownRole: UserError = {
  code: ErrorCode.ROLE_NOT_FOUND,
  field: 'roles',
  message: 'must be names of roles that exist',
};

/**
 * Makes users with their roles and audit entries, all of them or, after a throw, none. A row whose
 * address has an account is skipped: repeating an import changes nothing, and one that was cut
 * short goes on where it was. Refuses a row with `TAKEN` for a username or an id of another user.
 */
export function importUsers(ctx: Ctx, users: readonly ImportedUser[]): Promise<ImportedBatch> {
  return transaction(ctx, async (ctx) => {
    // A batch may wait for registrations of the same addresses, and indexes are merged at times.
    await ctx.db.query("SET LOCAL statement_timeout = '5min'");
    return insertInTurn(ctx, users, () => insertStaged(ctx, insertIntoUsers, 'users'));
  });
}

/**
 * What `importUsers` would answer at this moment. It keeps what it would have made in a table of
 * the transaction, so that it also finds what the batches before take from this one.
 */
export async function tryImport(tx: Tx, users: readonly ImportedUser[]): Promise<ImportedBatch> {
  await tx.db.query('SET LOCAL idle_in_transaction_session_timeout = 0');
  await createTrial(tx);
  return insertInTurn(tx, users, async () => {
    const { skipped, refused } = await takeConflicts(tx, 'users');
    const tried = await insertStaged(tx, insertIntoTrial, 'imported_trial');
    return sum({ imported: 0, skipped, refused }, tried);
  });
}

/**
 * Stages users and has them inserted. Statements tell the rows that are staged apart by their ids,
 * so one that repeats the id of another comes after it.
 */
async function insertInTurn(
  tx: Tx,
  users: readonly ImportedUser[],
  insert: () => Promise<ImportedBatch>,
): Promise<ImportedBatch> {
  const byId = new Map(users.toReversed().map((user) => [user.id, user]));
  const [firsts, repeated] = [
    [...byId.values()].reverse(),
    users.filter((user) => byId.get(user.id) !== user),
  ];
  await stage(tx, firsts);
  const done = await insert();
  return repeated.length === 0 ? done : sum(done, await insertInTurn(tx, repeated, insert));
}

function sum(one: ImportedBatch, other: ImportedBatch): ImportedBatch {
  return {
    imported: one.imported + other.imported,
    skipped: one.skipped + other.skipped,
    refused: [...one.refused, ...other.refused],
  };
}

// Each time somebody would have to give up the very address that was in the way a moment ago.
const maxAttempts = 5;

/**
 * Inserts what is staged; PostgreSQL finds out what is taken, within the batch as well. What was
 * not inserted has something in its way, and is told apart by it.
 */
async function insertStaged(
  tx: Tx,
  insertSql: string,
  table: 'users' | 'imported_trial',
): Promise<ImportedBatch> {
  let imported = 0;
  let skipped = 0;
  const refused: RefusedRow[] = [];
  for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
    const [row]: Inserted[] = await tx.db.query(insertSql);
    imported += row?.inserted ?? 0;
    noteEvents(tx, 'user.created', row?.told ?? []);
    if (row === undefined || row.left === 0) return { imported, skipped, refused };
    const conflicts = await takeConflicts(tx, table);
    skipped += conflicts.skipped;
    refused.push(...conflicts.refused);
    if (conflicts.left === 0) return { imported, skipped, refused };
  }
  throw new Error('Rows could not be imported, though nothing was in their way.');
}
