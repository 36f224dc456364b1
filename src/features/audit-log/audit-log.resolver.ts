import { GraphQLDateTime } from 'graphql-scalars';
import {
  Args,
  ArgsType,
  Ctx as Context,
  Directive,
  Field,
  FieldResolver,
  ID,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import type { Ctx } from '../../context.ts';
import { ConnectionArgs, connectionOf, requireStretch } from '../../graphql/connection.ts';
import type { ApiKeyId, UserId } from '../../identifiers.ts';
import { apiKeyById } from '../api-key/api-key.loaders.ts';
import { AuditEvent } from '../audit/audit-event.entity.ts';
import { User } from '../user/user.entity.ts';
import { userById } from '../user/user.loaders.ts';
import { displayName } from '../user/user.rules.ts';
import { AuditActor, AuditEventConnection } from './audit-log.payload.ts';
import { auditOrder, readAuditEvents, type AuditFilter } from './audit-log.service.ts';

@ArgsType()
class AuditFilterArgs implements AuditFilter {
  @Field(() => String, { nullable: true, description: 'Only this, such as `role.assigned`.' })
  action?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only what this user or API key did.' })
  actorId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only what was done to this user.' })
  subjectId?: string | null;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'Only at this time or later.' })
  from?: Date | null;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'Only before this time.' })
  to?: Date | null;
}

@Resolver(() => AuditEvent)
export class AuditLogResolver {
  @Directive('@auth(requires: ADMIN, scope: AUDIT_READ)')
  @Query(() => AuditEventConnection, { description: 'What was done, newest first.' })
  async auditEvents(
    @Args(() => ConnectionArgs) args: ConnectionArgs,
    @Args(() => AuditFilterArgs) filter: AuditFilterArgs,
    @Context() ctx: Ctx,
  ): Promise<AuditEventConnection> {
    const stretch = requireStretch(args, auditOrder);
    const read = await readAuditEvents(ctx, filter, stretch);
    return connectionOf(read, auditOrder, ({ createdAt, id }) => ({
      key: createdAt.toISOString(),
      id,
    }));
  }

  @FieldResolver(() => AuditActor, { description: 'Who did it.' })
  actor(@Root() { actorType, actorId }: AuditEvent): AuditActor {
    return { type: actorType, id: actorId };
  }

  @FieldResolver(() => User, {
    nullable: true,
    description: 'Whom it was done to; null when it was no user, or one who has been deleted.',
  })
  async subject(@Root() { subjectId }: AuditEvent, @Context() ctx: Ctx): Promise<User | null> {
    return subjectId && userById(ctx).load(subjectId);
  }
}

@Resolver(() => AuditActor)
export class AuditActorResolver {
  @FieldResolver(() => String, {
    description: 'For people: the name of the user or of the API key, or `Gatehouse`.',
  })
  async label(@Root() actor: AuditActor, @Context() ctx: Ctx): Promise<string> {
    if (actor.type === 'system') return 'Gatehouse';
    if (actor.type === 'anonymous' || actor.id === null) return 'Not signed in';
    if (actor.type === 'key') {
      const key = await apiKeyById(ctx).load(actor.id as ApiKeyId);
      return key?.name ?? 'A deleted API key';
    }
    const user = await this.user(actor, ctx);
    return user === null ? 'A deleted user' : displayName(user);
  }

  @FieldResolver(() => User, {
    nullable: true,
    description: 'The user who did it; null when it was none, or one who has been deleted.',
  })
  async user(@Root() { type, id }: AuditActor, @Context() ctx: Ctx): Promise<User | null> {
    // What kind of id it is, its type says.
    return type === 'user' && id !== null ? userById(ctx).load(id as UserId) : null;
  }
}
