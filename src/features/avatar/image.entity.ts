import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { ImageId, UserId } from '../../identifiers.ts';
import { User } from '../user/user.entity.ts';
import { ImageVariant } from './image.rules.ts';

export enum ImageStatus {
  PROCESSING = 'PROCESSING',
  READY = 'READY',
  FAILED = 'FAILED',
}

registerEnumType(ImageVariant, {
  name: 'ImageVariant',
  description: 'A size of a picture. All but the original are square, WebP, and never enlarged.',
  valuesConfig: {
    ORIGINAL: { description: 'As it was uploaded, but upright and without metadata.' },
    LARGE: { description: '800 × 800 pixels at most.' },
    MEDIUM: { description: '400 × 400 pixels at most.' },
    SMALL: { description: '200 × 200 pixels at most.' },
    THUMBNAIL: { description: '100 × 100 pixels at most.' },
  },
});

registerEnumType(ImageStatus, {
  name: 'ImageStatus',
  description: 'How far the variants of a picture are.',
  valuesConfig: {
    PROCESSING: { description: 'They are being made; their addresses serve the original.' },
    READY: { description: 'All of them are there.' },
    FAILED: { description: 'They could not be made; their addresses serve the original.' },
  },
});

/** A variant that is stored beside the original; all of them are WebP. */
export interface StoredVariant {
  readonly variant: ImageVariant;
  readonly width: number;
  readonly height: number;
  readonly size: number;
}

@ObjectType({ description: "A user's picture.", simpleResolvers: true })
@Entity('images')
@Index('images_user_id_key', ['userId'], { unique: true }) // one each
export class Image {
  @Field(() => ID, { description: 'A UUID v7. Another picture has another id.' })
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'images_pkey' })
  id!: ImageId;

  @Column('uuid', { name: 'user_id' })
  @ForeignKey(() => User, { name: 'images_user_id_fkey', onDelete: 'CASCADE' })
  userId!: UserId;

  @Field(() => String, { description: 'The SHA-256 of the original as it is stored, in hex.' })
  @Column('character', { length: 64 })
  sha256!: string;

  @Field(() => String, { description: 'The type of the original, such as `image/jpeg`.' })
  @Column('character varying', { name: 'mime_type', length: 20 })
  mimeType!: string;

  @Field(() => Int, { description: 'Pixels of the original from left to right.' })
  @Column('integer')
  width!: number;

  @Field(() => Int, { description: 'Pixels of the original from top to bottom.' })
  @Column('integer')
  height!: number;

  @Field(() => Int, { description: 'Bytes of the original.' })
  @Column('integer')
  size!: number;

  @Field(() => ImageStatus, { description: 'How far its variants are.' })
  @Column('character varying', { length: 10 })
  status!: ImageStatus;

  /** The variants that are stored. */
  @Column('jsonb', { default: [] })
  files!: readonly StoredVariant[];

  @Column('timestamp with time zone', { name: 'created_at', precision: 3 })
  createdAt!: Date;
}

@ObjectType({ description: 'One of the files of a picture.', simpleResolvers: true })
export class ImageFile {
  @Field(() => ImageVariant, { description: 'Which of them it is.' })
  variant!: ImageVariant;

  @Field(() => String, { description: 'Where it is served.' })
  url!: string;

  @Field(() => Int, { description: 'Pixels from left to right.' })
  width!: number;

  @Field(() => Int, { description: 'Pixels from top to bottom.' })
  height!: number;

  @Field(() => Int, { description: 'Bytes.' })
  size!: number;

  @Field(() => String, { description: 'Its type, such as `image/webp`.' })
  mimeType!: string;
}
