import { storedUserAgent } from '../../client.ts';
import type { Client, Tx } from '../../context.ts';
import type { UserId } from '../../identifiers.ts';
import { queueMail } from '../mail/mail.service.ts';
import { deviceName } from '../session/session.rules.ts';

/**
 * Writes to a user who signs in with a user agent they neither registered nor signed in with as
 * far as the audit log goes back, where `NOTIFY_NEW_DEVICE` wants it so. To be called before the
 * session is opened, which is recorded, and after the user's row was written, which makes sign-ins
 * that come at once take turns: one notice for a device.
 */
export async function noticeNewDevice(
  tx: Tx,
  userId: UserId,
  device: Client = tx.client,
): Promise<void> {
  if (!tx.config.session.notifyNewDevice) return;
  const [user]: { email: string; locale: string | null }[] = await tx.db.query(
    `SELECT u.email, u.preferred_locale AS locale FROM users u
     WHERE u.id = $1 AND NOT EXISTS (
       SELECT FROM audit_events a
       WHERE a.subject_id = u.id AND a.action IN ('user.registered', 'session.opened')
         AND a.user_agent IS NOT DISTINCT FROM $2)`,
    [userId, storedUserAgent(device.userAgent)],
  );
  if (user === undefined) return;
  await queueMail(
    tx,
    'new-device',
    { userId, ...user },
    {
      device: deviceName(device.userAgent),
      ipAddress: device.address ?? 'unknown address',
    },
  );
}
