import type { Tx } from '../../context.ts';
import { ErrorCode, refuse } from '../../errors.ts';
import type { UserId } from '../../identifiers.ts';
import { record } from '../audit/audit.service.ts';
import { queueMail } from '../mail/mail.service.ts';
import { revokeTokens } from '../one-time-token/one-time-token.service.ts';
import { isTakenByAnother } from '../user/user.service.ts';
import { sendConfirmation } from './confirmation.service.ts';

interface AddressHolder {
  readonly id: UserId;
  readonly email: string;
  readonly locale: string | null;
}

/**
 * Gives a user another address, on the word of somebody else. Nothing has proven it to be theirs:
 * it is unconfirmed until the link in a mail to it is followed. Every other link mailed to the
 * user is worthless, and the old address is told. Refuses with `TAKEN` on `field`.
 */
export async function replaceAddress(
  tx: Tx,
  { id, email: from, locale }: AddressHolder,
  to: string,
  field: string,
): Promise<void> {
  try {
    await tx.db.query(
      'UPDATE users SET email = $2, confirmed_at = NULL, updated_at = now() WHERE id = $1',
      [id, to],
    );
  } catch (error) {
    if (!isTakenByAnother(error, 'email')) throw error;
    refuse(ErrorCode.TAKEN, field, 'is taken');
  }
  await revokeTokens(tx, id);
  await sendConfirmation(tx, { id, email: to, locale });
  await queueMail(tx, 'email-changed', { userId: id, email: from, locale }, { newEmail: to });
  await record(tx, { action: 'email.changed', subjectId: id, metadata: { from, to } });
}
