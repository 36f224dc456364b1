import type { Ctx } from '../../context.ts';
import type { UserId } from '../../identifiers.ts';
import type { Addressee } from '../mail/mail.service.ts';

interface AddressOwner extends Addressee {
  readonly userId: UserId;
}

/** Whose account an address belongs to, and how mail to them is addressed. */
export async function findAddressOwner(ctx: Ctx, email: string): Promise<AddressOwner | undefined> {
  const [row]: { id: UserId; email: string; preferred_locale: string | null }[] =
    await ctx.db.query(
      'SELECT id, email, preferred_locale FROM users WHERE lower(email) = lower($1)',
      [email],
    );
  return row && { userId: row.id, email: row.email, locale: row.preferred_locale };
}
