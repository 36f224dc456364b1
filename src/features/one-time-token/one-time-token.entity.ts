import { GraphQLDateTime } from 'graphql-scalars';
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { OneTimeTokenId, UserId } from '../../identifiers.ts';
import { User } from '../user/user.entity.ts';
import {
  tokenContextNames,
  type OneTimeTokenHash,
  type TokenContext,
} from './one-time-token.rules.ts';

registerEnumType(tokenContextNames, {
  name: 'TokenContext',
  description: 'What a mailed token is good for.',
  valuesConfig: {
    CONFIRM: { description: 'To confirm the address.' },
    RESET_PASSWORD: { description: 'To choose a new password.' },
    CHANGE_EMAIL: { description: 'To change to the address it was sent to.' },
  },
});

/** A token that was mailed: proof, once, that its bearer reads the mail of an address. */
@ObjectType('UserToken', {
  description: 'A token that was mailed and is still good. What it says is nowhere to be seen.',
})
@Entity('one_time_tokens')
@Index('one_time_tokens_token_hash_key', ['tokenHash'], { unique: true })
@Index('one_time_tokens_user_id_context_key', ['userId', 'context'], { unique: true })
@Index('one_time_tokens_expires_at_index', ['expiresAt'])
@Check('one_time_tokens_context_check', `context IN ('confirm', 'reset_password', 'change_email')`)
export class OneTimeToken {
  @Field(() => ID, { description: 'A UUID v7.' })
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'one_time_tokens_pkey' })
  id!: OneTimeTokenId;

  @Column('uuid', { name: 'user_id' })
  @ForeignKey(() => User, { name: 'one_time_tokens_user_id_fkey', onDelete: 'CASCADE' })
  userId!: UserId;

  @Field(() => tokenContextNames, { description: 'What it is good for.' })
  @Column('character varying', { length: 20 })
  context!: TokenContext;

  @Column('bytea', { name: 'token_hash', select: false })
  tokenHash!: OneTimeTokenHash;

  /** The user's address when it was issued: a token does not outlive a change of it. */
  @Column('character varying', { length: 160 })
  email!: string;

  /** The address it was mailed to: the new one for a change, else the same. */
  @Field(() => String, { description: 'The address it was mailed to.' })
  @Column('character varying', { name: 'sent_to', length: 160 })
  sentTo!: string;

  @Field(() => GraphQLDateTime, { description: 'When it was mailed.' })
  @Column('timestamp with time zone', { name: 'created_at', precision: 3 })
  createdAt!: Date;

  @Field(() => GraphQLDateTime, { description: 'Until when it is good.' })
  @Column('timestamp with time zone', { name: 'expires_at', precision: 3 })
  expiresAt!: Date;
}
