import type { EntityManager } from 'typeorm';
import type { Tx } from '../../context.ts';
import type { ImageId, MailId, UserId, WebhookDeliveryId, WebhookId } from '../../identifiers.ts';

/** What can be left to do after a transaction, by kind, and what each is told. */
export interface JobData {
  readonly 'send-mail': { readonly mailId: MailId };
  /** A stranger asked for mail: whether the address has an account is found out in the job. */
  readonly 'answer-confirmation-request': { readonly sealed: string };
  readonly 'answer-reset-request': { readonly sealed: string };
  readonly 'locate-registration': { readonly userId: UserId };
  readonly 'make-variants': { readonly imageId: ImageId };
  readonly 'remove-image-files': { readonly imageId: ImageId };
  readonly 'deliver-webhook': {
    readonly deliveryId: WebhookDeliveryId;
    readonly webhookId: WebhookId;
  };
  readonly sweep: Record<string, never>;
}

export type JobKind = keyof JobData;

/** What works off the jobs of a kind. A throw means: once more, later. */
export type JobHandlers = {
  readonly [Kind in JobKind]: (data: JobData[Kind] & Traced, attempt: Attempt) => Promise<void>;
};

/** What a job was caused by, when that is traced. */
interface Traced {
  readonly traceparent?: string;
}

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
  const traceparent = tx.ports.tracer?.current();
  await tx.db.query(
    'SELECT FROM graphile_worker.add_job($1, payload => $2::json, max_attempts => $3)',
    [kind, JSON.stringify({ ...data, traceparent }), maxAttempts],
  );
}

/** A job that is there once, under its key, and begins after a while. */
export interface KeyedJob<Kind extends JobKind> {
  readonly key: string;
  readonly data: JobData[Kind];
  readonly delaySeconds: number;
  /** Workers may pass over all that have it. */
  readonly flag: string;
}

/**
 * The same for many jobs at once. One that waits under the same key already is replaced, its time
 * and its tries with it.
 */
export async function enqueueEach<Kind extends JobKind>(
  tx: Tx,
  kind: Kind,
  jobs: readonly KeyedJob<Kind>[],
): Promise<void> {
  await tx.db.query(
    `SELECT count(graphile_worker.add_job($1, payload => job.data::json, max_attempts => $2,
       job_key => job.key, run_at => now() + make_interval(secs => job.delay),
       flags => ARRAY[job.flag]))
     FROM unnest($3::text[], $4::text[], $5::float8[], $6::text[]) AS job (key, data, delay, flag)`,
    [
      kind,
      maxAttempts,
      jobs.map(({ key }) => key),
      jobs.map(({ data }) => JSON.stringify(data)),
      jobs.map(({ delaySeconds }) => delaySeconds),
      jobs.map(({ flag }) => flag),
    ],
  );
}

/**
 * Has one sweep done at the next full minute, however many instances ask. One that fails is not
 * tried again: the next is near.
 */
export async function scheduleSweep(db: EntityManager): Promise<void> {
  await db.query(
    `SELECT FROM graphile_worker.add_job('sweep',
       run_at => date_trunc('minute', now()) + interval '1 minute', max_attempts => 1,
       job_key => 'sweep', job_key_mode => 'preserve_run_at')`,
  );
}

/** Longer than any job may take: the workers give each a minute. */
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

/**
 * Deletes jobs that failed for the last time a week ago, a batch at a time; until then they tell
 * what went wrong. Answers how many.
 */
export async function sweepJobs(db: EntityManager): Promise<number> {
  const deleted: unknown[] = await db.query(
    `SELECT FROM graphile_worker.complete_jobs(ARRAY(
       SELECT id FROM graphile_worker.jobs
       WHERE attempts >= max_attempts AND locked_at IS NULL
         AND updated_at < now() - interval '7 days'
       LIMIT 1000))`,
  );
  return deleted.length;
}

// More are told as so many: counting millions for every scrape would be a load of its own.
const maxCounted = 100_000;

/** How many jobs of each kind wait or were given up, and how long the oldest that is due waits. */
export async function countJobs(db: EntityManager): Promise<JobCount[]> {
  return db.query(
    `SELECT task_identifier AS task,
       count(*) FILTER (WHERE attempts < max_attempts)::int AS waiting,
       count(*) FILTER (WHERE attempts >= max_attempts AND locked_at IS NULL)::int AS failed,
       coalesce(extract(epoch FROM now() - min(run_at) FILTER (
         WHERE attempts < max_attempts AND locked_at IS NULL AND run_at <= now())), 0)::float8
         AS "oldestSeconds"
     FROM (SELECT * FROM graphile_worker.jobs LIMIT $1) AS jobs GROUP BY task_identifier`,
    [maxCounted],
  );
}

interface JobCount {
  readonly task: string;
  readonly waiting: number;
  readonly failed: number;
  readonly oldestSeconds: number;
}
