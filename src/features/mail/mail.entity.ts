import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { GraphQLDateTime } from 'graphql-scalars';
import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { MailId, UserId } from '../../identifiers.ts';
import { User } from '../user/user.entity.ts';
import { mailKindNames, mailStateNames, type MailKind, type MailState } from './mail.rules.ts';

registerEnumType(mailStateNames, {
  name: 'MailState',
  description: 'How far a mail has come.',
  valuesConfig: {
    QUEUED: { description: 'Waits to be sent, for the first time or once more.' },
    SENT: { description: 'The provider took it.' },
    FAILED: { description: 'Given up: refused for good, or tried too often.' },
  },
});

registerEnumType(mailKindNames, {
  name: 'MailKind',
  description: 'What a mail is about.',
  valuesConfig: {
    CONFIRM: { description: 'Proves the address of a new account.' },
    RESET_PASSWORD: { description: 'Leads to a new password.' },
    CHANGE_EMAIL: { description: 'Proves a new address.' },
    PASSWORD_CHANGED: { description: 'Says that the password was changed.' },
    EMAIL_CHANGED: { description: 'Says to the old address that there is a new one.' },
    ACCOUNT_EXISTS: { description: 'Says that someone registered an address in use.' },
    NEW_DEVICE: { description: 'Says that someone signed in from a new device.' },
  },
});

/** One mail, from the moment something caused it until it is sent or given up. */
@ObjectType({ description: 'A mail Gatehouse has sent or is to send. What it says is not shown.' })
@Entity('mails')
@Index('mails_user_id_index', ['userId'])
@Index('mails_state_index', ['state', 'createdAt', 'id'])
@Check('mails_state_check', `state IN ('queued', 'sent', 'failed')`)
export class Mail {
  @Field(() => ID, { description: 'A UUID v7.' })
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'mails_pkey' })
  id!: MailId;

  @Column('uuid', { name: 'user_id', nullable: true })
  @ForeignKey(() => User, { name: 'mails_user_id_fkey', onDelete: 'SET NULL' })
  userId!: UserId | null;

  @Field(() => mailKindNames, { description: 'What it is about.' })
  @Column('character varying', { length: 30 })
  kind!: MailKind;

  @Field(() => String, { description: 'The address it goes to.' })
  @Column('character varying', { length: 160 })
  recipient!: string;

  @Column('character varying', { length: 35, nullable: true })
  locale!: string | null;

  /** What the template needs, links with tokens among it, encrypted; gone when the mail is sent. */
  @Column('bytea', { name: 'sealed_values', nullable: true, select: false })
  sealedValues!: Buffer | null;

  @Field(() => mailStateNames, { description: 'How far it has come.' })
  @Column('character varying', { length: 10, default: 'queued' })
  state!: MailState;

  @Field(() => Int, { description: 'How often it was tried.' })
  @Column('integer', { default: 0 })
  attempts!: number;

  @Field(() => String, { nullable: true, description: 'Why the latest try failed.' })
  @Column('character varying', { name: 'last_error', length: 500, nullable: true })
  lastError!: string | null;

  @Field(() => GraphQLDateTime, { description: 'When something caused it.' })
  @Column('timestamp with time zone', { name: 'created_at', precision: 3 })
  createdAt!: Date;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'When it was sent or given up.' })
  @Column('timestamp with time zone', { name: 'finished_at', precision: 3, nullable: true })
  finishedAt!: Date | null;
}
