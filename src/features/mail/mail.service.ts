import type { DataSource } from 'typeorm';
import type { Ctx, Tx } from '../../context.ts';
import { newId, type MailId, type UserId } from '../../identifiers.ts';
import { enqueue, type Attempt } from '../job/job.service.ts';
import type { MailKind, MailValues } from './mail.rules.ts';

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
}

/**
 * Sends a queued mail. A refusal of the provider that will not change, and a failure of the last
 * attempt, leave it `failed`; any other failure throws, to be tried again.
 */
export async function deliverMail(ctx: Ctx, mailId: MailId, { isLast }: Attempt): Promise<void> {
  const [mail]: QueuedMail[] = await ctx.db.query(
    `SELECT kind, recipient, locale, sealed_values FROM mails
     WHERE id = $1 AND state = 'queued' AND sealed_values IS NOT NULL`,
    [mailId],
  );
  if (mail === undefined) return;
  try {
    const values = JSON.parse(ctx.ports.sealer.open(mail.sealed_values)) as MailValues[MailKind];
    const rendered = ctx.ports.renderMail(mail.kind, mail.locale, values);
    const message = { id: mailId, to: mail.recipient, from: ctx.config.mail.from, ...rendered };
    const delivery = await ctx.ports.mail.send(message);
    if (delivery.accepted) await finishSent(ctx, mailId);
    else await finishFailed(ctx, mailId, delivery.reason);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (isLast) return finishFailed(ctx, mailId, reason);
    await ctx.db.query('UPDATE mails SET attempts = attempts + 1, last_error = $2 WHERE id = $1', [
      mailId,
      reason.slice(0, 500),
    ]);
    throw error;
  }
}

async function finishSent(ctx: Ctx, mailId: MailId): Promise<void> {
  await ctx.db.query(
    `UPDATE mails SET state = 'sent', attempts = attempts + 1, sealed_values = NULL,
       last_error = NULL, finished_at = now() WHERE id = $1`,
    [mailId],
  );
}

async function finishFailed(ctx: Ctx, mailId: MailId, reason: string): Promise<void> {
  ctx.log.error({ mailId, reason }, 'a mail could not be sent and is given up');
  await ctx.db.query(
    `UPDATE mails SET state = 'failed', attempts = attempts + 1, last_error = $2,
       finished_at = now() WHERE id = $1`,
    [mailId, reason.slice(0, 500)],
  );
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
