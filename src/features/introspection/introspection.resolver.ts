import { Args, ArgsType, Ctx as Context, Directive, Field, Query, Resolver } from 'type-graphql';
import type { Ctx } from '../../context.ts';
import { reveal } from '../../graphql/auth.transformer.ts';
import { roleNamesOfUser, rolesOfUser } from '../role-assignment/role-assignment.loaders.ts';
import { FingerprintCheck, Introspection } from './introspection.inputs.ts';
import { introspect, verifyFingerprint } from './introspection.service.ts';

@ArgsType()
class TokenArgs {
  @Field(() => String, { description: 'A session token.' })
  token!: string;

  @Field(() => String, { nullable: true, description: 'Where it is used from.' })
  ipAddress?: string | null;

  @Field(() => String, { nullable: true, description: 'The `User-Agent` it is used with.' })
  userAgent?: string | null;
}

@Resolver()
export class IntrospectionResolver {
  @Directive('@auth(requires: KEY, scope: TOKENS_READ)')
  @Query(() => Introspection, {
    description: 'For servers: what a session token is good for. Does not count as its use.',
  })
  async introspect(
    @Args(() => TokenArgs) { token, ...device }: TokenArgs,
    @Context() ctx: Ctx,
  ): Promise<Introspection> {
    const found = await introspect(ctx, token, device);
    if (found === undefined) return inactive;
    const { user, session, roles, fingerprint } = found;
    rolesOfUser(ctx).prime(user.id, [...roles]);
    roleNamesOfUser(ctx).prime(
      user.id,
      roles.map(({ name }) => name),
    );
    const { expiresAt } = session;
    return { active: true, user: reveal(user), session, roles, expiresAt, fingerprint };
  }

  @Directive('@auth(requires: KEY, scope: TOKENS_READ)')
  @Query(() => FingerprintCheck, {
    description: 'For servers: whether a session is used on the device it was opened on.',
  })
  verifySessionFingerprint(
    @Args(() => TokenArgs) { token, ...device }: TokenArgs,
    @Context() ctx: Ctx,
  ): Promise<FingerprintCheck> {
    return verifyFingerprint(ctx, token, device);
  }
}

const inactive: Introspection = {
  active: false,
  user: null,
  session: null,
  roles: null,
  expiresAt: null,
  fingerprint: null,
};
