import type { RequestCtx } from '../../graphql/request-context.ts';
import type { SessionId } from '../../identifiers.ts';
import { SessionDelivery } from './session.inputs.ts';
import type { OpenedSession } from './session.service.ts';

interface WantedDelivery {
  readonly delivery: SessionDelivery | null;
}

/**
 * The session in the cookie that the new one will take the place of, to be ended with it: the
 * browser forgets its token, and nobody could sign it out any more. One by token goes on, for
 * servers sign in others that way.
 */
export function replacedSession(ctx: RequestCtx, wanted: WantedDelivery): SessionId | undefined {
  if (wanted.delivery !== SessionDelivery.COOKIE || !ctx.byCookie) return undefined;
  return ctx.actor.type === 'user' ? ctx.actor.sessionId : undefined;
}

/** Hands a new session to the client: into the payload, or into the cookie and then only there. */
export function deliver(
  ctx: RequestCtx,
  session: OpenedSession,
  wanted: WantedDelivery & { readonly remember: boolean | null },
): { token: string | null; expiresAt: Date } {
  const { token, expiresAt } = session;
  if (wanted.delivery !== SessionDelivery.COOKIE) return { token, expiresAt };
  ctx.sessionCookie.set(token, wanted.remember === false ? undefined : expiresAt);
  return { token: null, expiresAt };
}
