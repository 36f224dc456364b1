import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A mail the development mailbox took instead of a provider. In production there is none. */
@Entity('mailbox_messages')
@Index('mailbox_messages_recipient_index', { synchronize: false })
@Index('mailbox_messages_created_at_index', ['createdAt', 'id'])
export class MailboxMessage {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'mailbox_messages_pkey' })
  id!: string;

  @Column('character varying', { length: 160 })
  recipient!: string;

  @Column('text')
  subject!: string;

  @Column('text')
  text!: string;

  @Column('text')
  html!: string;

  @Column('timestamp with time zone', { name: 'created_at', precision: 3 })
  createdAt!: Date;
}
