import { Field, ID, ObjectType } from 'type-graphql';
import { GraphQLDateTime } from 'graphql-scalars';
import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { SessionId, UserId } from '../../identifiers.ts';
import { User } from '../user/user.entity.ts';
import type { SessionTokenHash } from './session.token.ts';

@ObjectType({ description: 'One place where a user is signed in. Its token is never shown again.' })
@Entity('sessions')
@Index('sessions_token_hash_key', ['tokenHash'], { unique: true })
@Index('sessions_user_id_index', ['userId', 'createdAt'])
@Index('sessions_expires_at_index', ['expiresAt'])
export class Session {
  @Field(() => ID, { description: 'A UUID v7.' })
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'sessions_pkey' })
  id!: SessionId;

  @Column('uuid', { name: 'user_id' })
  @ForeignKey(() => User, { name: 'sessions_user_id_fkey', onDelete: 'CASCADE' })
  userId!: UserId;

  @Column('bytea', { name: 'token_hash', select: false })
  tokenHash!: SessionTokenHash;

  @Field(() => String, { nullable: true, description: 'The address that signed in.' })
  @Column('inet', { name: 'ip_address', nullable: true })
  ipAddress!: string | null;

  @Field(() => String, { nullable: true, description: 'The program that signed in, as it said.' })
  @Column('character varying', { name: 'user_agent', length: 500, nullable: true })
  userAgent!: string | null;

  /** SHA-256 of the whole user agent: half of the session's fingerprint, the address the other. */
  @Column('bytea', { name: 'user_agent_hash', nullable: true, select: false })
  userAgentHash!: Buffer | null;

  @Field(() => GraphQLDateTime, { description: 'The last request, to the minute.' })
  @Column('timestamp with time zone', { name: 'last_seen_at', precision: 3 })
  lastSeenAt!: Date;

  @Field(() => GraphQLDateTime, { description: 'When it ends, whatever happens.' })
  @Column('timestamp with time zone', { name: 'expires_at', precision: 3 })
  expiresAt!: Date;

  @Field(() => GraphQLDateTime, { description: 'When the user signed in.' })
  @Column('timestamp with time zone', { name: 'created_at', precision: 3 })
  createdAt!: Date;
}
