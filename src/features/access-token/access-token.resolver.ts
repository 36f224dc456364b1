import { GraphQLDateTime } from 'graphql-scalars';
import {
  Arg,
  Ctx as Context,
  Directive,
  Field,
  ID,
  Mutation,
  ObjectType,
  Resolver,
} from 'type-graphql';
import { Denial } from '../../errors.ts';
import type { RequestCtx } from '../../graphql/request-context.ts';
import { createAccessToken } from './access-token.service.ts';

@ObjectType({ description: 'The outcome of asking for an access token.' })
class AccessTokenPayload {
  @Field(() => String, {
    nullable: true,
    description: 'A JWT, signed with ES256; the keys to verify it are at `/.well-known/jwks.json`.',
  })
  accessToken!: string | null;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'When it runs out.' })
  expiresAt!: Date | null;
}

@Resolver()
export class AccessTokenResolver {
  @Directive('@auth(requires: USER, scope: SESSIONS_WRITE)')
  @Mutation(() => AccessTokenPayload, {
    description:
      'Makes a token that other servers can verify by themselves, for ten minutes unless the operator chose otherwise. Here it is good only while the session behind it lives.',
  })
  async createAccessToken(
    @Arg('userId', () => ID, {
      nullable: true,
      description:
        'For whom: API keys must say it, and open a session that lives as long as the token.',
    })
    userId: string | null | undefined,
    @Context() ctx: RequestCtx,
  ): Promise<AccessTokenPayload> {
    if (ctx.byAccessToken) {
      // Or one that was carried off would be good for ever, a new one every ten minutes.
      throw new Denial('FORBIDDEN', 'An access token gets no other: show the session token.');
    }
    return createAccessToken(ctx, ctx.issuer, userId);
  }
}
