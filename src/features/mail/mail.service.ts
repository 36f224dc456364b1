import { setTimeout as pause } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import type { Ctx, Tx } from '../../context.ts';
import { newId, type MailId, type UserId } from '../../identifiers.ts';
import { enqueue, type Attempt } from '../job/job.service.ts';
import type { MailKind, MailState, MailValues } from './mail.rules.ts';

export interface Addressee {
  /** Null for an address that belongs to nobody. */
  readonly userId: UserId | null;
  readonly email: string;
  readonly locale: string | null;
}

/**
 * Writes a mail into the queue, as part of the transaction that causes it. What it says is stored
 * encrypted, for the links in it are as good as passwords.
 */
export async function queueMail<Kind extends MailKind>(
  tx: Tx,
  kind: Kind,
  to: Addressee,
  values: MailValues[Kind],
): Promise<void> {
  const mailId = newId<MailId>();
  await tx.db.query(
    `INSERT INTO mails (id, user_id, kind, recipient, locale, sealed_values, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, now())`,
    [mailId, to.userId, kind, to.email, to.locale, tx.ports.sealer.seal(JSON.stringify(values))],
  );
  await enqueue(tx, 'send-mail', { mailId });
}

interface QueuedMail {
  readonly kind: MailKind;
  readonly recipient: string;
  readonly locale: string | null;
  readonly sealed_values: Buffer;
  readonly created_at: Date;
}

/** How one try to send ended; `queued` when another may end better. */
interface Outcome {
  readonly state: MailState;
  readonly reason: string | null;
}

// What the provider has taken and the database does not know yet. An outage can outlast the job, and
// the next try is then by this process, or by another one when this has been killed.
const takenAndNotNoted = new Map<MailId, Outcome>();

/**
 * Sends a queued mail. A refusal of the provider that will not change, and a failure of the last
 * attempt, leave it `failed`; any other failure throws, to be tried again.
 */
export async function deliverMail(ctx: Ctx, mailId: MailId, { isLast }: Attempt): Promise<void> {
  const [mail]: QueuedMail[] = await ctx.db.query(
    `SELECT kind, recipient, locale, sealed_values, created_at FROM mails
     WHERE id = $1 AND state = 'queued' AND sealed_values IS NOT NULL`,
    [mailId],
  );
  if (mail === undefined) return void takenAndNotNoted.delete(mailId);
  const outcome = takenAndNotNoted.get(mailId) ?? (await trySending(ctx, mailId, mail));
  const { state, reason } = outcome;
  if (state === 'sent') takenAndNotNoted.set(mailId, outcome);
  const ended = state === 'queued' && isLast ? 'failed' : state;
  await persistently(() => noteOutcome(ctx, mailId, { state: ended, reason }));
  takenAndNotNoted.delete(mailId);
  if (ended === 'queued') throw new Error(`The mail ${mailId} was not sent; its record says why.`);
  ctx.ports.metrics.mailFinished(ended);
  if (ended === 'failed') ctx.log.error({ mailId, reason }, 'a mail could not be sent');
}

async function trySending(ctx: Ctx, mailId: MailId, mail: QueuedMail): Promise<Outcome> {
  let values: Readonly<Record<string, string>> = {};
  try {
    values = JSON.parse(ctx.ports.sealer.open(mail.sealed_values)) as Record<string, string>;
    const common = { email: mail.recipient, time: mail.created_at.toISOString() };
    const rendered = ctx.ports.renderMail(mail.kind, mail.locale, { ...values, ...common });
    const message = { id: mailId, to: mail.recipient, from: ctx.config.mail.from, ...rendered };
    const delivery = await ctx.ports.mail.send(message);
    if (delivery.accepted) return { state: 'sent', reason: null };
    return { state: 'failed', reason: withoutToken(delivery.reason, values) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { state: 'queued', reason: withoutToken(reason, values) };
  }
}

/** A provider may quote the mail it refuses, for instance a link that it takes for spam. */
function withoutToken(reason: string, { token }: Readonly<Record<string, string>>): string {
  return (token === undefined ? reason : reason.replaceAll(token, '…')).slice(0, 500);
}

async function noteOutcome(ctx: Ctx, mailId: MailId, { state, reason }: Outcome): Promise<void> {
  await ctx.db.query(
    `UPDATE mails SET state = $2::text, attempts = attempts + 1, last_error = $3,
       sealed_values = CASE WHEN $2 = 'sent' THEN NULL ELSE sealed_values END,
       finished_at = CASE WHEN $2 = 'queued' THEN NULL ELSE now() END
     WHERE id = $1 AND state = 'queued'`,
    [mailId, state, reason],
  );
}

// Together as long as a database takes to fail over, and well within the time of a job.
const pausesMilliseconds = [500, 1_500, 4_000, 9_000];

/** What the provider has taken and we did not note would be sent once more. */
async function persistently(note: () => Promise<void>): Promise<void> {
  for (const milliseconds of pausesMilliseconds) {
    try {
      await note();
      return;
    } catch {
      await pause(milliseconds);
    }
  }
  await note();
}

/**
 * Counts as failed what is still queued although its job will not be tried again: the worker was
 * killed during the last try. Answers how many.
 */
export async function failAbandonedMails(dataSource: DataSource): Promise<number> {
  const [, count]: [unknown, number] = await dataSource.query(
    `WITH given_up AS (
       DELETE FROM graphile_worker._private_jobs AS job
       USING graphile_worker._private_tasks AS task
       WHERE task.id = job.task_id AND task.identifier = 'send-mail'
         AND job.attempts >= job.max_attempts AND job.locked_at IS NULL
       RETURNING (job.payload ->> 'mailId')::uuid AS mail_id)
     UPDATE mails SET state = 'failed', finished_at = now(),
       last_error = coalesce(last_error, 'The last try was interrupted.')
     FROM given_up WHERE mails.id = given_up.mail_id AND mails.state = 'queued'`,
  );
  return count;
}

/**
 * Deletes the record of mails a month after they were sent, and three after they failed; what the
 * development mailbox took after a week. A batch at a time; answers how many.
 */
export async function sweepMails(dataSource: DataSource): Promise<number> {
  const [, mails]: [unknown, number] = await dataSource.query(
    `DELETE FROM mails WHERE id IN (
       SELECT id FROM mails WHERE state = 'sent' AND created_at < now() - interval '30 days'
         OR state = 'failed' AND created_at < now() - interval '90 days'
       LIMIT 10000 FOR UPDATE SKIP LOCKED)`,
  );
  const [, messages]: [unknown, number] = await dataSource.query(
    `DELETE FROM mailbox_messages WHERE id IN (
       SELECT id FROM mailbox_messages WHERE created_at < now() - interval '7 days' LIMIT 10000)`,
  );
  return mails + messages;
}
