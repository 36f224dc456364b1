import type { Ctx } from './context.ts';
import type { ReasonForPrimary } from './replicas.ts';

/**
 * Reads a list, a search or a count: from a replica where one shows everything that was committed
 * before, and else from the primary. So nobody misses what they, or anybody, wrote before they
 * asked, on whatever instance. The inner `ctx` shadows the outer, as in a transaction.
 *
 * Never for credentials, sessions, tokens and limits, and none for what decides about a write:
 * inside a transaction all is read there.
 */
export async function readingList<T>(ctx: Ctx, read: (ctx: Ctx) => Promise<T>): Promise<T> {
  const { reading, ports } = ctx;
  if (reading === undefined) return read(ctx);
  let reason: ReasonForPrimary | undefined;
  if (reading.replica === undefined) {
    const found = await ports.replicas.findCurrent();
    reading.replica = found.replica;
    if (found.replica === undefined) reason = found.reason;
  }
  const answer = await readingAlike(ctx, read, () => (reason = 'failed'));
  ports.metrics.listRead(reason);
  return answer;
}

/**
 * Reads from where the request's lists come from: what is shown beside their rows. `onFailure` is
 * told when the replica fails and the primary is read instead.
 */
export async function readingAlike<T>(
  ctx: Ctx,
  read: (ctx: Ctx) => Promise<T>,
  onFailure?: () => void,
): Promise<T> {
  const { reading, ports } = ctx;
  const replica = reading?.replica;
  if (reading === undefined || replica === undefined) return read(ctx);
  try {
    return await read({ ...ctx, db: replica });
  } catch (error) {
    if (!ports.replicas.hasFailed(replica, error)) throw error;
    reading.replica = undefined;
    onFailure?.();
    return read(ctx);
  }
}
