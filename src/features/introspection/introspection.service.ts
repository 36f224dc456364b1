import type { Client, Ctx } from '../../context.ts';
import { Role } from '../role/role.entity.ts';
import { requireDevice, type NamedDevice } from '../sign-in/named-device.service.ts';
import { Session } from '../session/session.entity.ts';
import {
  compareFingerprints,
  FingerprintStatus,
  type FingerprintVerdict,
} from '../session/session.rules.ts';
import { liveSession } from '../session/session.service.ts';
import { hashSessionToken, parseSessionToken } from '../session/session.token.ts';
import { User } from '../user/user.entity.ts';

interface Holding {
  readonly session: Session;
  readonly user: User;
  readonly roles: readonly Role[];
}

export interface Introspected extends Holding {
  /** Null when nothing was named to compare with. */
  readonly fingerprint: FingerprintVerdict | null;
}

/**
 * What a token is good for, found in one statement; undefined for whatever is not the token of a
 * live session of an active user. To ask is no use of the session. Refuses with `INVALID` on
 * `ipAddress` and `userAgent`.
 */
export async function introspect(
  ctx: Ctx,
  token: string,
  named: NamedDevice,
): Promise<Introspected | undefined> {
  const device = requireDevice(named);
  const found = await findByToken(ctx, token);
  if (found === undefined) return undefined;
  const isNamed = device.address !== null || device.userAgent !== null;
  return { ...found, fingerprint: isNamed ? verdictOn(ctx, found.session, device) : null };
}

/** How a session compares with a device; what is not named counts as alike. Refuses likewise. */
export async function verifyFingerprint(
  ctx: Ctx,
  token: string,
  named: NamedDevice,
): Promise<FingerprintVerdict> {
  const device = requireDevice(named);
  const found = await findByToken(ctx, token);
  if (found === undefined) return { status: FingerprintStatus.TOKEN_NOT_FOUND, reason: null };
  return verdictOn(ctx, found.session, device);
}

/** Where fingerprints are off, every device is as good as the first. */
function verdictOn(ctx: Ctx, session: Session, { address, userAgent }: Client): FingerprintVerdict {
  const isOff = ctx.config.session.fingerprint === 'off';
  return compareFingerprints(session, {
    ipAddress: isOff ? undefined : (address ?? undefined),
    userAgent: isOff ? undefined : (userAgent ?? undefined),
  });
}

async function findByToken(ctx: Ctx, text: string): Promise<Holding | undefined> {
  const token = parseSessionToken(text);
  if (token === undefined) return undefined;
  const { entities, raw } = await ctx.db
    .createQueryBuilder(Session, 'session')
    .addSelect('session.userAgentHash')
    .innerJoinAndMapOne('session.user', User, 'holder', 'holder.id = session.user_id')
    .addSelect(rolesOfHolder, 'roles')
    .where(`session.token_hash = :hash AND holder.is_active AND ${liveSession}`, {
      hash: hashSessionToken(token),
      idle: ctx.config.session.idleSeconds ?? null,
    })
    .getRawAndEntities<{ roles: Partial<Role>[] }>();
  const [session] = entities as (Session & { user: User })[];
  if (session === undefined) return undefined;
  const roles = (raw[0]?.roles ?? []).map((role) => Object.assign(new Role(), role));
  return { session, user: session.user, roles };
}

const rolesOfHolder = `(
  SELECT coalesce(json_agg(json_build_object('id', r.id, 'name', r.name,
    'description', r.description, 'isSystem', r.is_system) ORDER BY r.name), '[]')
  FROM role_assignments a JOIN roles r ON r.id = a.role_id WHERE a.user_id = session.user_id)`;
