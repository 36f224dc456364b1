import type { Ctx } from '../../context.ts';

/** A mail as the development mailbox shows it. */
export interface MailboxMail {
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** The addresses that the text names, in order. */
  readonly links: readonly string[];
  readonly createdAt: Date;
}

type MailboxRow = Omit<MailboxMail, 'links'>;

// Enough to find what was just sent; older mail of one address is found by asking for the address.
const maxMails = 100;

/** The newest mails the development mailbox keeps, to one address or to all. */
export async function listMailbox(
  { db }: Pick<Ctx, 'db'>,
  to: string | null,
): Promise<MailboxMail[]> {
  const rows: MailboxRow[] = await db.query(
    `SELECT id, recipient AS "to", subject, text, html, created_at AS "createdAt"
     FROM mailbox_messages WHERE $1::text IS NULL OR lower(recipient) = lower($1)
     ORDER BY created_at DESC, id DESC LIMIT $2`,
    [to, maxMails],
  );
  return rows.map((row) => ({ ...row, links: linksIn(row.text) }));
}

/** The addresses a text names; a full stop after one is not part of it. */
function linksIn(text: string): string[] {
  const found = text.match(/https?:\/\/[^\s<>"]+/g) ?? [];
  return found.map((link) => link.replace(/[.,;:!?)\]]+$/, ''));
}
