import type { DataSource } from 'typeorm';
import type { MailTransport } from '../context.ts';

/** Keeps mail instead of sending it, to be read at `/dev/mailbox`. Never in production. */
export function createDevelopmentMailbox(dataSource: DataSource): MailTransport {
  return {
    async send({ id, to, subject, text, html }) {
      // A mail that is tried again after a crash is the same mail.
      await dataSource.query(
        `INSERT INTO mailbox_messages (id, recipient, subject, text, html, created_at)
         VALUES ($1, $2, $3, $4, $5, now()) ON CONFLICT DO NOTHING`,
        [id, to, subject, text, html],
      );
      return { accepted: true };
    },
  };
}
