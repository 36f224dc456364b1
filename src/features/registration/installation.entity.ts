import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * A table of one row: whether this database's Owner seat was ever taken. The seat is claimed by
 * an update of this row, so PostgreSQL decides who was first, and it never opens again.
 */
@Entity('installation')
@Check('installation_singleton_check', '"singleton"')
export class Installation {
  @PrimaryColumn('boolean', { default: true, primaryKeyConstraintName: 'installation_pkey' })
  singleton!: boolean;

  @Column('timestamp with time zone', { name: 'owner_claimed_at', precision: 3, nullable: true })
  ownerClaimedAt!: Date | null;
}
