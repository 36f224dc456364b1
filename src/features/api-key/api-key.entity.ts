import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { Scope } from '../../actor.ts';
import type { ApiKeyId, UserId } from '../../identifiers.ts';
import { User } from '../user/user.entity.ts';
import type { ApiKeyHash } from './api-key.token.ts';

/** What a server shows to be let in. The key itself is stored nowhere. */
@Entity('api_keys')
@Index('api_keys_key_hash_key', ['keyHash'], { unique: true })
@Index('api_keys_created_by_id_index', ['createdById'])
export class ApiKey {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'api_keys_pkey' })
  id!: ApiKeyId;

  @Column('character varying', { length: 100 })
  name!: string;

  @Column('bytea', { name: 'key_hash', select: false })
  keyHash!: ApiKeyHash;

  /** The beginning of the key, by which its holder recognises it. */
  @Column('character varying', { length: 20 })
  prefix!: string;

  @Column('text', { array: true })
  scopes!: Scope[];

  @Column('uuid', { name: 'created_by_id', nullable: true })
  @ForeignKey(() => User, { name: 'api_keys_created_by_id_fkey', onDelete: 'SET NULL' })
  createdById!: UserId | null;

  @Column('timestamp with time zone', { name: 'created_at', precision: 3 })
  createdAt!: Date;

  @Column('timestamp with time zone', { name: 'expires_at', precision: 3, nullable: true })
  expiresAt!: Date | null;

  @Column('timestamp with time zone', { name: 'last_used_at', precision: 3, nullable: true })
  lastUsedAt!: Date | null;

  @Column('timestamp with time zone', { name: 'revoked_at', precision: 3, nullable: true })
  revokedAt!: Date | null;
}
