import { normalizeAddress } from '../../client.ts';
import type { Ctx } from '../../context.ts';
import type { LimitName } from '../../limits.ts';
import { cleanText } from '../../text.ts';
import { findUserIdByLogin } from '../user/user.service.ts';
import { clientNetwork } from './client-network.rules.ts';

/** The arguments of the operations that limits guard, as far as limits look at them. */
interface LimitedArguments {
  readonly input?: { readonly email?: unknown };
  readonly email?: unknown;
  readonly ipAddress?: unknown;
}

type Identity = (ctx: Ctx, args: LimitedArguments, operation: string) => string | Promise<string>;

/** The caller's network; when a server asks for somebody else, the network that one comes from. */
function network(ctx: Ctx, { ipAddress }: LimitedArguments): string {
  const named = ctx.actor.type === 'key' && typeof ipAddress === 'string' ? ipAddress.trim() : null;
  return clientNetwork(normalizeAddress(named) ?? ctx.client.address);
}

function typedEmail({ input, email: argument }: LimitedArguments): string {
  const email = input?.email ?? argument;
  return (typeof email === 'string' ? cleanText(email) : null)?.toLowerCase() ?? '';
}

/** The user the typed text names, so that e-mail and username count as one; else the text. */
async function account(ctx: Ctx, args: LimitedArguments): Promise<string> {
  const typed = typedEmail(args);
  return (await findUserIdByLogin(ctx, typed)) ?? typed;
}

const caller: Identity = (ctx, args) =>
  ctx.actor.type === 'user' ? ctx.actor.userId : network(ctx, args);

/** Whom each limit counts. `REQUESTS` is taken where requests come in, not by a directive. */
export const limitIdentities: Readonly<Record<LimitName, Identity>> = {
  LOGIN: async (ctx, args) => `${await account(ctx, args)} ${network(ctx, args)}`,
  LOGIN_ACCOUNT: account,
  LOGIN_NETWORK: network,
  REGISTER_EMAIL: (_, args) => typedEmail(args),
  REGISTER_NETWORK: network,
  // Each operation that sends mail, or checks a form, has counters of its own.
  VALIDATE_NETWORK: (ctx, args, operation) => `${operation} ${network(ctx, args)}`,
  MAIL_EMAIL: (_, args, operation) => `${operation} ${typedEmail(args)}`,
  MAIL_NETWORK: (ctx, args, operation) => `${operation} ${network(ctx, args)}`,
  TOKEN_NETWORK: network,
  PASSWORD_USER: caller,
  AVATAR_USER: caller,
  REQUESTS: caller,
};
