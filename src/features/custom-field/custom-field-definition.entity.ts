import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { JsonValue } from '../../json.ts';
import type { CustomFieldType } from './custom-field.rules.ts';

/** What a custom field may hold. Where there is none for a key, `CUSTOM_FIELDS` decides. */
@Entity('custom_field_definitions')
export class CustomFieldDefinition {
  @PrimaryColumn('character varying', {
    length: 50,
    primaryKeyConstraintName: 'custom_field_definitions_pkey',
  })
  key!: string;

  @Column('character varying', { length: 100 })
  label!: string;

  @Column('character varying', { length: 10 })
  type!: CustomFieldType;

  @Column('boolean', { default: false })
  required!: boolean;

  /** Where it stands in forms, from 1. */
  @Column('integer')
  position!: number;

  @Column('boolean', { default: true })
  enabled!: boolean;

  @Column('boolean', { name: 'user_editable', default: false })
  userEditable!: boolean;

  /** What may be chosen; null for types that are not chosen from. */
  @Column('text', { array: true, nullable: true })
  options!: string[] | null;

  @Column('double precision', { nullable: true })
  min!: number | null;

  @Column('double precision', { nullable: true })
  max!: number | null;

  @Column('character varying', { length: 500, nullable: true })
  pattern!: string | null;

  @Column('jsonb', { name: 'default_value', nullable: true })
  defaultValue!: JsonValue;

  @Column('timestamp with time zone', { name: 'created_at', precision: 3 })
  createdAt!: Date;

  @Column('timestamp with time zone', { name: 'updated_at', precision: 3 })
  updatedAt!: Date;
}
