import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { MailId, UserId } from '../../identifiers.ts';
import { User } from '../user/user.entity.ts';
import type { MailKind, MailState } from './mail.rules.ts';

/** One mail, from the moment something caused it until it is sent or given up. */
@Entity('mails')
@Index('mails_user_id_index', ['userId'])
@Index('mails_state_index', ['state', 'createdAt', 'id'])
@Check('mails_state_check', `state IN ('queued', 'sent', 'failed')`)
export class Mail {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'mails_pkey' })
  id!: MailId;

  @Column('uuid', { name: 'user_id', nullable: true })
  @ForeignKey(() => User, { name: 'mails_user_id_fkey', onDelete: 'SET NULL' })
  userId!: UserId | null;

  @Column('character varying', { length: 30 })
  kind!: MailKind;

  @Column('character varying', { length: 160 })
  recipient!: string;

  @Column('character varying', { length: 35, nullable: true })
  locale!: string | null;

  /** What the template needs, links with tokens among it, encrypted; gone when the mail is sent. */
  @Column('bytea', { name: 'sealed_values', nullable: true, select: false })
  sealedValues!: Buffer | null;

  @Column('character varying', { length: 10, default: 'queued' })
  state!: MailState;

  @Column('integer', { default: 0 })
  attempts!: number;

  @Column('character varying', { name: 'last_error', length: 500, nullable: true })
  lastError!: string | null;

  @Column('timestamp with time zone', { name: 'created_at', precision: 3 })
  createdAt!: Date;

  @Column('timestamp with time zone', { name: 'finished_at', precision: 3, nullable: true })
  finishedAt!: Date | null;
}
