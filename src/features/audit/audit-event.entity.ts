import { GraphQLDateTime, GraphQLJSONObject } from 'graphql-scalars';
import { Field, ID, ObjectType } from 'type-graphql';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { ApiKeyId, UserId } from '../../identifiers.ts';

/**
 * One line of the audit log. No foreign keys: the log outlives the rows it speaks of. Rows are
 * never updated, except to forget a person who is deleted, and deleted only when
 * `AUDIT_RETENTION_DAYS` have passed.
 */
@ObjectType({ description: 'One line of the audit log.', simpleResolvers: true })
@Entity('audit_events')
@Index('audit_events_created_at_index', ['createdAt', 'id'])
@Index('audit_events_subject_id_index', ['subjectId', 'createdAt'])
@Index('audit_events_actor_id_index', ['actorId', 'createdAt'])
@Index('audit_events_action_index', ['action', 'createdAt'])
export class AuditEvent {
  @Field(() => ID, { description: 'A UUID v7.' })
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'audit_events_pkey' })
  id!: string;

  @Field(() => String, { description: 'What was done, such as `role.assigned`.' })
  @Column('character varying', { length: 50 })
  action!: string;

  @Column('character varying', { name: 'actor_type', length: 10 })
  actorType!: 'anonymous' | 'user' | 'key' | 'system';

  @Column('uuid', { name: 'actor_id', nullable: true })
  actorId!: UserId | ApiKeyId | null;

  @Column('uuid', { name: 'subject_id', nullable: true })
  subjectId!: UserId | null;

  @Field(() => String, { nullable: true, description: 'The address it was done from.' })
  @Column('inet', { name: 'ip_address', nullable: true })
  ipAddress!: string | null;

  @Field(() => String, { nullable: true, description: 'The program it was done with.' })
  @Column('character varying', { name: 'user_agent', length: 500, nullable: true })
  userAgent!: string | null;

  @Field(() => GraphQLJSONObject, { description: 'What changed, from and to; never a secret.' })
  @Column('jsonb', { default: {} })
  metadata!: Record<string, unknown>;

  @Field(() => GraphQLDateTime, { description: 'When it was done.' })
  @Column('timestamp with time zone', { name: 'created_at', precision: 3 })
  createdAt!: Date;
}
