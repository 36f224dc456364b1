import { Field, ID, ObjectType } from 'type-graphql';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { RoleId } from '../../identifiers.ts';

@ObjectType({ description: 'A named set of users. Owner, Admin and User are part of Gatehouse.' })
@Entity('roles')
@Index('roles_name_key', { synchronize: false }) // unique on lower(name), made by the migration
export class Role {
  @Field(() => ID, { description: 'A UUID v7.' })
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'roles_pkey' })
  id!: RoleId;

  @Field(() => String, { description: 'Unique without regard to case.' })
  @Column('character varying', { length: 50 })
  name!: string;

  @Field(() => String, { nullable: true, description: 'What the role is for.' })
  @Column('character varying', { length: 500, nullable: true })
  description!: string | null;

  @Field(() => Boolean, { description: 'Part of Gatehouse: cannot be changed or deleted.' })
  @Column('boolean', { name: 'is_system', default: false })
  isSystem!: boolean;

  @Column('timestamp with time zone', { name: 'created_at', precision: 3 })
  createdAt!: Date;

  @Column('timestamp with time zone', { name: 'updated_at', precision: 3 })
  updatedAt!: Date;
}
