import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { ApiKeyId } from '../../identifiers.ts';
import { ApiKey } from './api-key.entity.ts';
import type { ApiKeyHash } from './api-key.token.ts';

/** A secret that a key had before it was rotated, which goes on for a while. */
@Entity('former_secrets')
@Index('former_secrets_api_key_id_index', ['apiKeyId'])
@Index('former_secrets_expires_at_index', ['expiresAt'])
export class FormerSecret {
  @PrimaryColumn('bytea', { name: 'key_hash', primaryKeyConstraintName: 'former_secrets_pkey' })
  keyHash!: ApiKeyHash;

  @Column('uuid', { name: 'api_key_id' })
  @ForeignKey(() => ApiKey, { name: 'former_secrets_api_key_id_fkey', onDelete: 'CASCADE' })
  apiKeyId!: ApiKeyId;

  @Column('timestamp with time zone', { name: 'expires_at', precision: 3 })
  expiresAt!: Date;
}
