import { systemRole } from '../../actor.ts';
import { transaction, type Ctx, type Tx } from '../../context.ts';
import { refuse, type ErrorCode } from '../../errors.ts';
import { requireOwner } from './authority.service.ts';

/**
 * The one guard of the last Owner, for every operation that could leave Gatehouse without an
 * active one: taking the role away, deactivating, deleting. Such changes take turns, and what a
 * change leaves behind is counted after it was made; no active Owner left rolls it back with
 * `code`.
 */
export async function keepingAnActiveOwner(
  tx: Tx,
  code: ErrorCode,
  change: () => Promise<void>,
): Promise<void> {
  await lockOwnership(tx);
  await change();
  if (await hasActiveOwner(tx)) return;
  refuse(code, 'userId', 'Gatehouse must keep at least one active Owner.');
}

/** Whether anybody is an active Owner. It stays so while the transaction locks ownership. */
export async function hasActiveOwner(tx: Tx): Promise<boolean> {
  const [owner]: unknown[] = await tx.db.query(
    `SELECT FROM users u
       JOIN role_assignments a ON a.user_id = u.id JOIN roles r ON r.id = a.role_id
     WHERE r.name = $1 AND u.is_active LIMIT 1`,
    [systemRole.owner],
  );
  return owner !== undefined;
}

/**
 * Makes changes of who is Owner or Admin take turns. NO KEY UPDATE, because plain FOR UPDATE
 * would also wait for every registration that refers to the row by its foreign key.
 */
export async function lockOwnership(tx: Tx): Promise<void> {
  await tx.db.query('SELECT FROM roles WHERE name = $1 FOR NO KEY UPDATE', [systemRole.owner]);
}

/**
 * Does what only Owners may. Who is being demoted in this moment does it before or not at all: such
 * changes take turns. Refuses with `INSUFFICIENT_PERMISSIONS`.
 */
export function asOwner<T>(ctx: Ctx, work: (tx: Tx) => Promise<T>): Promise<T> {
  return transaction(ctx, async (ctx) => {
    await lockOwnership(ctx);
    await requireOwner(ctx);
    return work(ctx);
  });
}
