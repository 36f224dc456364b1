import type { Ctx } from '../../context.ts';
import type { LimitName } from '../../limits.ts';
import { cleanText } from '../../text.ts';
import { findUserIdByLogin } from '../user/user.service.ts';
import { clientNetwork } from './client-network.rules.ts';

/** The arguments of the operations that limits guard, as far as limits look at them. */
interface LimitedArguments {
  readonly input?: { readonly email?: unknown };
}

type Identity = (ctx: Ctx, args: LimitedArguments) => string | Promise<string>;

const network = (ctx: Ctx): string => clientNetwork(ctx.client.address);

function typedEmail(args: LimitedArguments): string {
  const email = args.input?.email;
  return (typeof email === 'string' ? cleanText(email) : null)?.toLowerCase() ?? '';
}

/** The user the typed text names, so that e-mail and username count as one; else the text. */
async function account(ctx: Ctx, args: LimitedArguments): Promise<string> {
  const typed = typedEmail(args);
  return (await findUserIdByLogin(ctx, typed)) ?? typed;
}

const caller = (ctx: Ctx): string => (ctx.actor.type === 'user' ? ctx.actor.userId : network(ctx));

/** Whom each limit counts. `REQUESTS` is taken where requests come in, not by a directive. */
export const limitIdentities: Readonly<Record<LimitName, Identity>> = {
  LOGIN: async (ctx, args) => `${await account(ctx, args)} ${network(ctx)}`,
  LOGIN_ACCOUNT: account,
  LOGIN_NETWORK: network,
  REGISTER_EMAIL: (_, args) => typedEmail(args),
  REGISTER_NETWORK: network,
  VALIDATE_NETWORK: network,
  PASSWORD_USER: caller,
  REQUESTS: caller,
};
