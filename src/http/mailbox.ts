import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Ctx } from '../context.ts';
import { listMailbox, type MailboxMail } from '../features/mail/mailbox.service.ts';
import { mailboxPage, mailboxStyleSource, mailDocument } from './mailbox-page.ts';

const pagePolicy = [
  "default-src 'none'",
  `style-src ${mailboxStyleSource}`,
  "frame-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

// A mail may style itself and show images, but not run, and its links open elsewhere.
const mailPolicy = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  'img-src data: https:',
  "frame-ancestors 'self'",
  'sandbox allow-popups allow-popups-to-escape-sandbox',
].join('; ');

interface Choice {
  readonly to: string | null;
  readonly id: string | undefined;
}

/**
 * What the development mailbox keeps: `GET /dev/mailbox` to read, `GET /dev/mailbox.json` for
 * programs, both newest first and, with `?to=`, of one address. Only where nothing is really sent.
 */
export function serveMailbox(app: FastifyInstance, ctx: Pick<Ctx, 'db'>): void {
  app.get('/dev/mailbox.json', async (request, reply) => {
    const mails = await listMailbox(ctx, choiceOf(request).to);
    return reply.send(mails.map(({ id: _, ...mail }) => mail));
  });
  app.get('/dev/mailbox', async (request, reply) => {
    const { to, id } = choiceOf(request);
    const mails = await listMailbox(ctx, to);
    return reply
      .header('content-security-policy', pagePolicy)
      .type('text/html; charset=utf-8')
      .send(mailboxPage(mails, chosen(mails, id), to));
  });
  app.get('/dev/mailbox/mail', async (request, reply) => {
    const { to, id } = choiceOf(request);
    const mail = chosen(await listMailbox(ctx, to), id);
    return reply
      .code(mail ? 200 : 404)
      .headers({ 'content-security-policy': mailPolicy, 'x-frame-options': 'SAMEORIGIN' })
      .type('text/html; charset=utf-8')
      .send(mail ? mailDocument(mail) : '');
  });
}

/** What the address of the page asks for; a parameter given twice asks for nothing. */
function choiceOf(request: FastifyRequest): Choice {
  const { to, id } = request.query as Readonly<Record<string, unknown>>;
  const address = typeof to === 'string' ? to.trim() : '';
  return { to: address === '' ? null : address, id: typeof id === 'string' ? id : undefined };
}

/** The mail with the id, or the newest. */
function chosen(mails: readonly MailboxMail[], id: string | undefined): MailboxMail | undefined {
  return id === undefined ? mails[0] : mails.find((mail) => mail.id === id);
}
