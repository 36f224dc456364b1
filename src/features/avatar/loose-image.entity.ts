import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { ImageId } from '../../identifiers.ts';

/**
 * A picture of which files may be stored while it is nobody's: it is being stored, or it was
 * replaced (the database notes that by itself). What has been loose for an hour is swept, and so
 * no file outlives its row, whenever a process was killed.
 */
@Entity('loose_images')
@Index('loose_images_since_index', ['since'])
export class LooseImage {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'loose_images_pkey' })
  id!: ImageId;

  @Column('timestamp with time zone', { precision: 3 })
  since!: Date;
}
