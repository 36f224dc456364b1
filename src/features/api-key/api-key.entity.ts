import { GraphQLDateTime } from 'graphql-scalars';
import { Field, ID, ObjectType } from 'type-graphql';
import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { Scope } from '../../actor.ts';
import type { ApiKeyId, UserId } from '../../identifiers.ts';
import { User } from '../user/user.entity.ts';
import type { ApiKeyHash } from './api-key.token.ts';

/** What a server shows to be let in. Its secret is stored nowhere. */
@ObjectType({
  description: 'What a server shows to be let in. Its secret is told once, when it is made.',
})
@Entity('api_keys')
@Index('api_keys_key_hash_key', ['keyHash'], { unique: true })
@Index('api_keys_created_by_id_index', ['createdById'])
export class ApiKey {
  @Field(() => ID, { description: 'A UUID v7.' })
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'api_keys_pkey' })
  id!: ApiKeyId;

  @Field(() => String, { description: 'What people call it.' })
  @Column('character varying', { length: 100 })
  name!: string;

  @Column('bytea', { name: 'key_hash', select: false })
  keyHash!: ApiKeyHash;

  @Field(() => String, {
    description: 'The beginning of its secret, by which its holder recognises it.',
  })
  @Column('character varying', { length: 20 })
  prefix!: string;

  /** What it may do; a field resolver tells it, with the enum that entities do not know. */
  @Column('text', { array: true })
  scopes!: Scope[];

  @Field(() => [String], {
    nullable: true,
    description: 'The networks it may be used from; null when from anywhere.',
  })
  @Column('cidr', { array: true, nullable: true })
  addresses!: string[] | null;

  @Column('uuid', { name: 'created_by_id', nullable: true })
  @ForeignKey(() => User, { name: 'api_keys_created_by_id_fkey', onDelete: 'SET NULL' })
  createdById!: UserId | null;

  @Field(() => GraphQLDateTime, { description: 'When it was made.' })
  @Column('timestamp with time zone', { name: 'created_at', precision: 3 })
  createdAt!: Date;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'When it ends, if by itself.' })
  @Column('timestamp with time zone', { name: 'expires_at', precision: 3, nullable: true })
  expiresAt!: Date | null;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'Its last use, to the minute.' })
  @Column('timestamp with time zone', { name: 'last_used_at', precision: 3, nullable: true })
  lastUsedAt!: Date | null;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'When it was revoked.' })
  @Column('timestamp with time zone', { name: 'revoked_at', precision: 3, nullable: true })
  revokedAt!: Date | null;
}
