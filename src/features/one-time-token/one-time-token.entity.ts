import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { OneTimeTokenId, UserId } from '../../identifiers.ts';
import { User } from '../user/user.entity.ts';
import type { OneTimeTokenHash, TokenContext } from './one-time-token.rules.ts';

/** A token that was mailed: proof, once, that its bearer reads the mail of an address. */
@Entity('one_time_tokens')
@Index('one_time_tokens_token_hash_key', ['tokenHash'], { unique: true })
@Index('one_time_tokens_user_id_context_key', ['userId', 'context'], { unique: true })
@Index('one_time_tokens_expires_at_index', ['expiresAt'])
@Check('one_time_tokens_context_check', `context IN ('confirm', 'reset_password', 'change_email')`)
export class OneTimeToken {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'one_time_tokens_pkey' })
  id!: OneTimeTokenId;

  @Column('uuid', { name: 'user_id' })
  @ForeignKey(() => User, { name: 'one_time_tokens_user_id_fkey', onDelete: 'CASCADE' })
  userId!: UserId;

  @Column('character varying', { length: 20 })
  context!: TokenContext;

  @Column('bytea', { name: 'token_hash', select: false })
  tokenHash!: OneTimeTokenHash;

  /** The user's address when it was issued: a token does not outlive a change of it. */
  @Column('character varying', { length: 160 })
  email!: string;

  /** The address it was mailed to: the new one for a change, else the same. */
  @Column('character varying', { name: 'sent_to', length: 160 })
  sentTo!: string;

  @Column('timestamp with time zone', { name: 'created_at', precision: 3 })
  createdAt!: Date;

  @Column('timestamp with time zone', { name: 'expires_at', precision: 3 })
  expiresAt!: Date;
}
