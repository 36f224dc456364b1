import type { EntityManager } from 'typeorm';
import type { Tx } from '../../context.ts';
import type { MailId } from '../../identifiers.ts';

/** What can be left to do after a transaction, by kind, and what each is told. */
export interface JobData {
  readonly 'send-mail': { readonly mailId: MailId };
  /** A stranger asked for mail: whether the address has an account is found out in the job. */
  readonly 'answer-confirmation-request': { readonly sealed: string };
  readonly 'answer-reset-request': { readonly sealed: string };
  readonly sweep: Record<string, never>;
}

export type JobKind = keyof JobData;

/** What works off the jobs of a kind. A throw means: once more, later. */
export type JobHandlers = {
  readonly [Kind in JobKind]: (data: JobData[Kind], attempt: Attempt) => Promise<void>;
};

export interface Attempt {
  /** Nothing follows when this one fails. */
  readonly isLast: boolean;
}

// Graphile Worker waits e^n seconds after the n-th try, six hours at most: 14 tries are a day and
// a half, which a provider that is down should not need.
const maxAttempts = 14;

/**
 * Leaves a job to the workers, as part of the transaction: it exists if and only if what caused it
 * was committed.
 */
export async function enqueue<Kind extends JobKind>(
  tx: Tx,
  kind: Kind,
  data: JobData[Kind],
): Promise<void> {
  await tx.db.query(
    'SELECT FROM graphile_worker.add_job($1, payload => $2::json, max_attempts => $3)',
    [kind, JSON.stringify(data), maxAttempts],
  );
}

/** Longer than any job may take: each has a time limit well below. */
export const abandonedAfterSeconds = 90;

/**
 * Frees jobs whose worker took them longer ago than a job can last: it was killed, and nobody
 * else would touch them for four hours.
 */
export async function freeAbandonedJobs(db: EntityManager, takenSecondsAgo: number): Promise<void> {
  await db.query(
    `SELECT graphile_worker.force_unlock_workers(array_agg(locked_by)) FROM graphile_worker.jobs
     WHERE locked_at < now() - make_interval(secs => $1) HAVING count(*) > 0`,
    [takenSecondsAgo],
  );
}
