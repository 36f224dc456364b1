import { randomUUID } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '../actor.ts';
import type { Config } from '../config/config.ts';
import type { Client, Ctx } from '../context.ts';
import { Denial } from '../errors.ts';
import { authenticateAccessToken } from '../features/access-token/token-authentication.service.ts';
import { authenticateKey } from '../features/api-key/key-authentication.service.ts';
import { parseApiKey } from '../features/api-key/api-key.token.ts';
import { acceptFingerprint } from '../features/session/fingerprint.service.ts';
import { authenticate, type Authenticated } from '../features/session/authentication.service.ts';
import { parseSessionToken } from '../features/session/session.token.ts';
import { clientNetwork } from '../features/rate-limit/client-network.rules.ts';
import { takeRequest } from '../features/rate-limit/rate-limit.service.ts';
import { roleNamesOfUser } from '../features/role-assignment/role-assignment.loaders.ts';
import { userById } from '../features/user/user.loaders.ts';
import { asRequestError } from '../graphql/error-format.ts';
import type { RequestCtx } from '../graphql/request-context.ts';
import type { Service } from '../process/service.ts';
import type { Log } from '../tracing.ts';
import { clientOf } from './client-address.ts';
import { RequestLog } from './request-log.ts';
import { isFromTrustedOrigin, publicUrlOf } from './origin.ts';
import { readSessionCookie, sessionCookieOf } from './session-cookie.ts';

/**
 * Everything one request may touch: who calls, found in one statement, and from where. What that
 * statement read anyway is handed to the loaders, so that `me` asks nothing more.
 */
export async function createRequestContext(
  service: Service,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<RequestCtx> {
  const log = new RequestLog(service.log, request.id);
  try {
    return await readRequest(service, log, request, reply);
  } catch (error) {
    throw asRequestError(error, { log, requestId: request.id });
  }
}

async function readRequest(
  service: Service,
  log: Log,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<RequestCtx> {
  const { config } = service;
  const credential = readCredential(service, request);
  const token = credential && parseSessionToken(credential.value);
  const holder = token ? undefined : await findTokenHolder(service, credential);
  const caller = token ? await authenticate(service, token) : holder;
  const client = clientOf(request);
  const key = caller ? undefined : await findKey({ db: service.db, log }, credential, client);
  const ctx: RequestCtx = {
    config,
    db: service.db,
    ports: service.ports,
    log,
    requestId: request.id,
    loaders: new Map(),
    reading: { replica: undefined },
    client,
    actor: key ?? actorOf(config, caller),
    sessionCookie: sessionCookieOf(config, request, reply),
    byCookie: credential?.byCookie ?? false,
    byAccessToken: holder !== undefined,
    fromTrustedOrigin: isFromTrustedOrigin(config, request),
    publicUrl: publicUrlOf(service, request),
    issuer: service.address.url,
  };
  if (caller) await requireFingerprint(ctx, caller);
  await takeRequest(ctx, limitedAs(ctx));
  if (caller) {
    userById(ctx).prime(caller.user.id, caller.user);
    roleNamesOfUser(ctx).prime(caller.user.id, caller.roleNames);
  }
  return ctx;
}

/** A session that was carried off ends here, whatever the request wanted, public or not. */
async function requireFingerprint(ctx: RequestCtx, caller: Authenticated): Promise<void> {
  const { sessionId: id, user, fingerprint } = caller;
  if (await acceptFingerprint(ctx, { id, userId: user.id, fingerprint })) return;
  if (ctx.byCookie) ctx.sessionCookie.clear();
  throw new Denial('UNAUTHENTICATED', 'This session has been ended; sign in again.');
}

function actorOf(config: Config, caller: Authenticated | undefined): Actor {
  if (caller === undefined) return { type: 'anonymous' };
  const { user, sessionId, roleNames } = caller;
  const confirmed = user.confirmedAt !== null || !config.registration.requireConfirmedEmail;
  return { type: 'user', userId: user.id, sessionId, roleNames, confirmed };
}

/** Access tokens come in the header only, like keys: the cookie is for sessions. */
async function findTokenHolder(
  service: Service,
  credential: Credential | undefined,
): Promise<Authenticated | undefined> {
  if (credential === undefined || credential.byCookie) return undefined;
  return authenticateAccessToken(service, credential.value, service.address.url);
}

/** Keys come in the header only: no browser sends one by itself. */
async function findKey(
  ctx: Pick<Ctx, 'db' | 'log'>,
  credential: Credential | undefined,
  { address }: Client,
): Promise<Actor | undefined> {
  if (credential === undefined || credential.byCookie) return undefined;
  const text = parseApiKey(credential.value);
  const key = text && (await authenticateKey(ctx, text, address));
  return key && { type: 'key', ...key };
}

/** Whose requests are counted together. */
function limitedAs({ actor, client }: RequestCtx): string {
  if (actor.type === 'user') return actor.userId;
  return actor.type === 'key' ? actor.keyId : clientNetwork(client.address);
}

interface Credential {
  readonly value: string;
  readonly byCookie: boolean;
}

/** What the caller shows: `Authorization`, which is meant, before the cookie, which just comes. */
function readCredential(service: Service, request: FastifyRequest): Credential | undefined {
  const { authorization } = request.headers;
  if (authorization !== undefined) {
    const [, value] = /^bearer +(\S+)$/i.exec(authorization) ?? [];
    return value === undefined ? undefined : { value, byCookie: false };
  }
  const value = readSessionCookie(service.config, request);
  return value === undefined ? undefined : { value, byCookie: true };
}

/** Request ids are ours: a client's own could be used to forge lines of the log. */
export const newRequestId = (): string => randomUUID();
