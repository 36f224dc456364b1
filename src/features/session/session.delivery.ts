import type { RequestCtx } from '../../graphql/request-context.ts';
import { SessionDelivery } from './session.inputs.ts';
import type { OpenedSession } from './session.service.ts';

/** Hands a new session to the client: into the payload, or into the cookie and then only there. */
export function deliver(
  ctx: RequestCtx,
  session: OpenedSession,
  wanted: { readonly delivery: SessionDelivery | null; readonly remember: boolean | null },
): { token: string | null; expiresAt: Date } {
  const { token, expiresAt } = session;
  if (wanted.delivery !== SessionDelivery.COOKIE) return { token, expiresAt };
  ctx.sessionCookie.set(token, wanted.remember === false ? undefined : expiresAt);
  return { token: null, expiresAt };
}
