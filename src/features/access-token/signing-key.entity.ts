import type { JWK } from 'jose';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { SigningKeyId } from '../../identifiers.ts';

/** What access tokens are signed with, from a time on until the next one takes over. */
@Entity('signing_keys')
export class SigningKey {
  /** The `kid` of tokens. */
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'signing_keys_pkey' })
  id!: SigningKeyId;

  @Column('jsonb', { name: 'public_key' })
  publicKey!: JWK;

  /** Encrypted: who reads a backup cannot make tokens. */
  @Column('bytea', { name: 'sealed_private_key', select: false })
  sealedPrivateKey!: Buffer;

  /** Later than its making, so that whoever keeps the public keys for a while knows it by then. */
  @Column('timestamp with time zone', { name: 'signs_from', precision: 3 })
  signsFrom!: Date;

  @Column('timestamp with time zone', { name: 'created_at', precision: 3 })
  createdAt!: Date;
}
