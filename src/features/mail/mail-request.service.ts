import type { Client, Ctx } from '../../context.ts';
import { transaction } from '../../context.ts';
import { Refusal } from '../../errors.ts';
import { cleanText } from '../../text.ts';
import { enqueue } from '../job/job.service.ts';
import { emailViolations } from '../user/user.rules.ts';

/** The jobs that find out whether an address that was typed has an account to write to. */
type MailRequestJob = 'answer-confirmation-request' | 'answer-reset-request';

interface MailRequest {
  readonly email: string;
  readonly client: Client;
}

/**
 * Leaves a stranger's request for mail to a job. Nothing is looked up before the answer, so that
 * answer and time are the same whether the address is known, unknown, confirmed or inactive.
 * Refuses with what is wrong with the address itself.
 */
export async function requestMail(ctx: Ctx, job: MailRequestJob, typed: string): Promise<void> {
  const email = cleanText(typed);
  const violations = emailViolations(email, 'email');
  if (email === null || violations.length > 0) throw new Refusal(violations);
  const request: MailRequest = { email, client: ctx.client };
  const sealed = ctx.ports.sealer.seal(JSON.stringify(request)).toString('base64');
  await transaction(ctx, (ctx) => enqueue(ctx, job, { sealed }));
}

/** Opens such a request in its job: the address, and a context in which its client is the caller. */
export function openMailRequest(ctx: Ctx, sealed: string): { ctx: Ctx; email: string } {
  const text = ctx.ports.sealer.open(Buffer.from(sealed, 'base64'));
  const { email, client } = JSON.parse(text) as MailRequest;
  return { ctx: { ...ctx, client, actor: { type: 'anonymous' } }, email };
}
