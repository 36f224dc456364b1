import { Directive, Field, ID, ObjectType } from 'type-graphql';
import { GraphQLDateTime } from 'graphql-scalars';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { PasswordHash } from '../../context.ts';
import type { UserId } from '../../identifiers.ts';
import type { JsonValue } from '../../json.ts';

/** What applications keep about a user, by key. */
export type CustomFields = Readonly<Record<string, JsonValue>>;

// Simple resolvers: what is only read needs no promise of its own, and `me` is asked all day.
@ObjectType({ description: 'Someone who can sign in.', simpleResolvers: true })
@Entity('users')
// Expression indexes, made by the migration: case-insensitive uniqueness, substring search, and
// listing in both orders without a sort.
@Index('users_email_key', { synchronize: false })
@Index('users_username_key', { synchronize: false })
@Index('users_search_index', { synchronize: false })
@Index('users_created_at_id_index', ['createdAt', 'id'])
@Index('users_custom_fields_index', { synchronize: false }) // GIN, for `@>`
// For what begins with a text, and for the few who are inactive or not confirmed.
@Index('users_email_prefix_index', { synchronize: false })
@Index('users_name_prefix_index', { synchronize: false })
@Index('users_last_name_prefix_index', { synchronize: false })
@Index('users_inactive_index', { synchronize: false })
@Index('users_unconfirmed_index', { synchronize: false })
export class User {
  @Field(() => ID, { description: 'A UUID v7.' })
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'users_pkey' })
  id!: UserId;

  @Directive('@private')
  @Field(() => String, {
    nullable: true,
    description: 'The address as it was typed; compared without regard to case.',
  })
  @Column('character varying', { length: 160 })
  email!: string;

  @Field(() => String, { nullable: true, description: 'A handle that also signs in.' })
  @Column('character varying', { length: 30, nullable: true })
  username!: string | null;

  @Column('character varying', { name: 'password_hash', length: 60, select: false })
  passwordHash!: PasswordHash;

  @Field(() => String, { nullable: true, description: 'Given name.' })
  @Column('character varying', { name: 'first_name', length: 100, nullable: true })
  firstName!: string | null;

  @Field(() => String, { nullable: true, description: 'Family name.' })
  @Column('character varying', { name: 'last_name', length: 100, nullable: true })
  lastName!: string | null;

  @Directive('@private')
  @Field(() => Boolean, { nullable: true, description: 'Whether the user may sign in.' })
  @Column('boolean', { name: 'is_active', default: true })
  isActive!: boolean;

  @Directive('@private')
  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: 'When the address was proven to be theirs; null until then.',
  })
  @Column('timestamp with time zone', { name: 'confirmed_at', precision: 3, nullable: true })
  confirmedAt!: Date | null;

  @Field(() => String, { nullable: true, description: 'An IANA zone or an offset from UTC.' })
  @Column('character varying', { length: 50, nullable: true })
  timezone!: string | null;

  @Field(() => String, { nullable: true, description: 'A BCP 47 language tag.' })
  @Column('character varying', { name: 'preferred_locale', length: 35, nullable: true })
  preferredLocale!: string | null;

  /** Loaded only where it is asked for: it can be the largest part of a user by far. */
  @Column('jsonb', { name: 'custom_fields', default: {}, select: false })
  customFields!: CustomFields;

  @Column('inet', { name: 'registration_ip', nullable: true })
  registrationIp!: string | null;

  @Column('character varying', { name: 'registration_country_code', length: 2, nullable: true })
  registrationCountryCode!: string | null;

  @Column('character varying', { name: 'registration_country', length: 100, nullable: true })
  registrationCountry!: string | null;

  @Column('character varying', { name: 'registration_region', length: 100, nullable: true })
  registrationRegion!: string | null;

  @Column('character varying', { name: 'registration_city', length: 100, nullable: true })
  registrationCity!: string | null;

  @Directive('@private')
  @Field(() => GraphQLDateTime, { nullable: true, description: 'The last successful sign-in.' })
  @Column('timestamp with time zone', { name: 'last_sign_in_at', precision: 3, nullable: true })
  lastSignInAt!: Date | null;

  @Field(() => GraphQLDateTime, { description: 'When the account was made.' })
  @Column('timestamp with time zone', { name: 'created_at', precision: 3 })
  createdAt!: Date;

  @Field(() => GraphQLDateTime, { description: 'When the account was last changed.' })
  @Column('timestamp with time zone', { name: 'updated_at', precision: 3 })
  updatedAt!: Date;
}
