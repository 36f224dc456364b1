import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { PageInfo } from '../../graphql/connection.ts';
import { AuditEvent } from '../audit/audit-event.entity.ts';

enum AuditActorType {
  ANONYMOUS = 'anonymous',
  USER = 'user',
  KEY = 'key',
  SYSTEM = 'system',
}

registerEnumType(AuditActorType, {
  name: 'AuditActorType',
  description: 'What kind of caller did something.',
  valuesConfig: {
    ANONYMOUS: { description: 'Somebody who was not signed in.' },
    USER: { description: 'A user who was signed in.' },
    KEY: { description: 'A server with an API key.' },
    SYSTEM: { description: 'Gatehouse itself: its scheduled work and its command line.' },
  },
});

@ObjectType({ description: 'Who did something.' })
export class AuditActor {
  @Field(() => AuditActorType, { description: 'What kind of caller it was.' })
  type!: AuditEvent['actorType'];

  @Field(() => ID, {
    nullable: true,
    description: 'The id of the user or of the API key, also when that is no longer there.',
  })
  id!: AuditEvent['actorId'];
}

@ObjectType({ description: 'An event in the audit log, and where in it.', simpleResolvers: true })
class AuditEventEdge {
  @Field(() => String, { description: 'For `after` and `before`.' })
  cursor!: string;

  @Field(() => AuditEvent, { description: 'The event.' })
  node!: AuditEvent;
}

@ObjectType({
  description: 'A stretch of the audit log, after the Relay specification.',
  simpleResolvers: true,
})
export class AuditEventConnection {
  @Field(() => [AuditEventEdge], { description: 'The events of this stretch, newest first.' })
  edges!: AuditEventEdge[];

  @Field(() => PageInfo, { description: 'Whether the log goes on, and from where.' })
  pageInfo!: PageInfo;
}
