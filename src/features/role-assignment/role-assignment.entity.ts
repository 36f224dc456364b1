import { Field, ObjectType } from 'type-graphql';
import { GraphQLDateTime } from 'graphql-scalars';
import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { RoleId, UserId } from '../../identifiers.ts';
import { Role } from '../role/role.entity.ts';
import { User } from '../user/user.entity.ts';

@ObjectType({ description: 'That a user holds a role, since when, and by whose decision.' })
@Entity('role_assignments')
@Index('role_assignments_role_id_index', ['roleId'])
@Index('role_assignments_assigned_by_id_index', ['assignedById'])
export class RoleAssignment {
  @PrimaryColumn('uuid', { name: 'user_id', primaryKeyConstraintName: 'role_assignments_pkey' })
  @ForeignKey(() => User, { name: 'role_assignments_user_id_fkey', onDelete: 'CASCADE' })
  userId!: UserId;

  // Restricting, so that a role in use cannot vanish under its holders.
  @PrimaryColumn('uuid', { name: 'role_id', primaryKeyConstraintName: 'role_assignments_pkey' })
  @ForeignKey(() => Role, { name: 'role_assignments_role_id_fkey', onDelete: 'RESTRICT' })
  roleId!: RoleId;

  @Column('uuid', { name: 'assigned_by_id', nullable: true })
  @ForeignKey(() => User, { name: 'role_assignments_assigned_by_id_fkey', onDelete: 'SET NULL' })
  assignedById!: UserId | null;

  @Field(() => GraphQLDateTime, { description: 'When the role was given.' })
  @Column('timestamp with time zone', { name: 'assigned_at', precision: 3 })
  assignedAt!: Date;
}
