import { transaction, type Ctx, type Tx } from '../../context.ts';
import { ErrorCode, refuse } from '../../errors.ts';
import { parseId, type MailId, type UserId } from '../../identifiers.ts';
import { record } from '../audit/audit.service.ts';
import { enqueue } from '../job/job.service.ts';
import { Mail } from './mail.entity.ts';
import type { MailKind, MailState } from './mail.rules.ts';

interface Page {
  readonly page: number;
  readonly pageSize: number;
}

/** One page of the mails in a state, or of all, newest first. */
export function listMails(
  ctx: Ctx,
  state: MailState | null,
  { page, pageSize }: Page,
): Promise<Mail[]> {
  return ctx.db.find(Mail, {
    where: state === null ? {} : { state },
    // Ids grow with time; within a state the index has the time first.
    order: state === null ? { id: 'DESC' } : { createdAt: 'DESC', id: 'DESC' },
    take: pageSize,
    skip: (page - 1) * pageSize,
  });
}

/** How many mails there are in a state, or in all. */
export function countMails(ctx: Ctx, state: MailState | null): Promise<number> {
  return ctx.db.countBy(Mail, state === null ? {} : { state });
}

/**
 * Has a failed mail sent once more, with as many tries as a new one. However many ask at once, it
 * is queued once: the others find no failed mail. Refuses with `NOT_FOUND`.
 */
export async function retryMail(ctx: Ctx, id: string): Promise<Mail> {
  const mailId = parseId<MailId>(id);
  if (mailId === undefined) return refuseUnknown();
  return transaction(ctx, async (ctx) => {
    const [[mail]]: [{ user_id: UserId | null; kind: MailKind }[], number] = await ctx.db.query(
      `UPDATE mails SET state = 'queued', finished_at = NULL
       WHERE id = $1 AND state = 'failed' RETURNING user_id, kind`,
      [mailId],
    );
    if (mail === undefined) return refuseUnknown();
    await enqueue(ctx, 'send-mail', { mailId });
    const metadata = { mailId, kind: mail.kind };
    await record(ctx, { action: 'mail.retried', subjectId: mail.user_id, metadata });
    return ctx.db.findOneByOrFail(Mail, { id: mailId });
  });
}

/**
 * Deletes every mail to a user, sent or not, and what the development mailbox took of them. One
 * that waits is not sent any more; its job finds nothing.
 */
export async function deleteMailsOf(tx: Tx, userId: UserId): Promise<void> {
  // A message has the id of its mail; the record of that may have been swept, the address is left.
  await tx.db.query(
    `DELETE FROM mailbox_messages WHERE id IN (SELECT id FROM mails WHERE user_id = $1)
       OR lower(recipient) = (SELECT lower(email) FROM users WHERE id = $1)`,
    [userId],
  );
  await tx.db.query('DELETE FROM mails WHERE user_id = $1', [userId]);
}

function refuseUnknown(): never {
  refuse(ErrorCode.NOT_FOUND, 'id', 'names no mail that has failed');
}
