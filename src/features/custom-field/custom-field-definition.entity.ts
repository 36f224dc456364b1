import { Field, Float, Int, ObjectType, registerEnumType } from 'type-graphql';
import { GraphQLJSON } from 'graphql-scalars';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { JsonValue } from '../../json.ts';
import type { CustomFieldType } from './custom-field.rules.ts';

/** The names of the types in the API; stored are the values. */
export const CustomFieldTypes = {
  TEXT: 'text',
  TEXTAREA: 'textarea',
  NUMBER: 'number',
  BOOLEAN: 'boolean',
  DATE: 'date',
  EMAIL: 'email',
  URL: 'url',
  SELECT: 'select',
  RADIO: 'radio',
  CHECKBOX: 'checkbox',
} as const satisfies Record<Uppercase<CustomFieldType>, CustomFieldType>;

registerEnumType(CustomFieldTypes, {
  name: 'CustomFieldType',
  description: 'What a custom field holds, and how a form shows it.',
  valuesConfig: {
    TEXT: { description: 'One line of text.' },
    TEXTAREA: { description: 'Text of several lines.' },
    NUMBER: { description: 'A number.' },
    BOOLEAN: { description: 'True or false.' },
    DATE: { description: 'A day, such as `2026-02-28`.' },
    EMAIL: { description: 'An e-mail address.' },
    URL: { description: 'An address that begins with `http://` or `https://`.' },
    SELECT: { description: 'One of the options, chosen from a list.' },
    RADIO: { description: 'One of the options, all of them in sight.' },
    CHECKBOX: { description: 'A list of some of the options.' },
  },
});

@ObjectType({ description: 'What the values of a custom field are held against.' })
export class CustomFieldValidation {
  @Field(() => Float, {
    nullable: true,
    description: 'The least number, or the fewest characters of a text.',
  })
  min!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'The greatest number, or the most characters of a text.',
  })
  max!: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'A regular expression in the syntax of RE2 that is to be found in a text.',
  })
  pattern!: string | null;
}

/** What a custom field may hold. Where there is none for a key, `CUSTOM_FIELDS` decides. */
@ObjectType({ description: 'What a custom field of users may hold.' })
@Entity('custom_field_definitions')
export class CustomFieldDefinition {
  @Field(() => String, { description: 'Its name in `customFields`.' })
  @PrimaryColumn('character varying', {
    length: 50,
    primaryKeyConstraintName: 'custom_field_definitions_pkey',
  })
  key!: string;

  @Field(() => String, { description: 'Its name for people.' })
  @Column('character varying', { length: 100 })
  label!: string;

  @Field(() => CustomFieldTypes, { description: 'What it holds.' })
  @Column('character varying', { length: 10 })
  type!: CustomFieldType;

  @Field(() => Boolean, {
    description: 'Whether it can be neither removed nor blank. Who has none yet need not have it.',
  })
  @Column('boolean', { default: false })
  required!: boolean;

  /** Where it stands in forms, from 1. */
  @Field(() => Int, { description: 'Where it stands in forms, from 1.' })
  @Column('integer')
  position!: number;

  @Field(() => Boolean, { description: 'Whether it is in use: held against values, and shown.' })
  @Column('boolean', { default: true })
  enabled!: boolean;

  @Field(() => Boolean, { description: 'Whether users may write it for themselves.' })
  @Column('boolean', { name: 'user_editable', default: false })
  userEditable!: boolean;

  /** What may be chosen; null for types that are not chosen from. */
  @Field(() => [String], {
    nullable: true,
    description: 'What may be chosen; null for types that are not chosen from.',
  })
  @Column('text', { array: true, nullable: true })
  options!: string[] | null;

  @Column('double precision', { nullable: true })
  min!: number | null;

  @Column('double precision', { nullable: true })
  max!: number | null;

  @Column('character varying', { length: 500, nullable: true })
  pattern!: string | null;

  @Field(() => GraphQLJSON, { nullable: true, description: 'What every new user has.' })
  @Column('jsonb', { name: 'default_value', nullable: true })
  defaultValue!: JsonValue;

  @Column('timestamp with time zone', { name: 'created_at', precision: 3 })
  createdAt!: Date;

  @Column('timestamp with time zone', { name: 'updated_at', precision: 3 })
  updatedAt!: Date;
}
