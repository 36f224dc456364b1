import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * The places taken under one limit by one key. The table is unlogged: after a crash of the
 * database the counters start anew, which costs an attacker a crash and us no disk writes.
 */
@Entity('rate_limits')
@Index('rate_limits_expires_at_index', ['expiresAt'])
export class RateLimit {
  /** The limit's name and a digest of whom it counts: no address stands here readable. */
  @PrimaryColumn('character varying', { length: 100, primaryKeyConstraintName: 'rate_limits_pkey' })
  key!: string;

  @Column('timestamp with time zone', { array: true })
  places!: Date[];

  /** How many of the places the latest statement took. */
  @Column('integer')
  granted!: number;

  @Column('timestamp with time zone', { name: 'expires_at' })
  expiresAt!: Date;
}
