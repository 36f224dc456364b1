import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Users, roles, sessions, the audit log, the counters of limits and the Owner's seat.
 * Ids come from the application; the ids of the system roles are fixed, so that every database
 * agrees on them.
 */
export class CreateUsersRolesSessions20261123000000 implements MigrationInterface {
  readonly name = 'CreateUsersRolesSessions20261123000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('CREATE EXTENSION IF NOT EXISTS pg_trgm');
    for (const statement of [...users, ...roles, ...sessions, ...others]) {
      await queryRunner.query(statement);
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of [
      'installation',
      'rate_limits',
      'audit_events',
      'sessions',
      'role_assignments',
      'roles',
      'users',
    ]) {
      await queryRunner.query(`DROP TABLE "${table}"`);
    }
    // pg_trgm stays: another schema of the database may have come to use it.
  }
}

const users = [
  `CREATE TABLE "users" (
    "id" uuid NOT NULL,
    "email" character varying(160) NOT NULL,
    "username" character varying(30),
    "password_hash" character varying(60) NOT NULL,
    "first_name" character varying(100),
    "last_name" character varying(100),
    "is_active" boolean NOT NULL DEFAULT true,
    "confirmed_at" TIMESTAMP(3) WITH TIME ZONE,
    "timezone" character varying(50),
    "preferred_locale" character varying(35),
    "registration_ip" inet,
    "last_sign_in_at" TIMESTAMP(3) WITH TIME ZONE,
    "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL,
    "updated_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL,
    CONSTRAINT "users_pkey" PRIMARY KEY ("id")
  )`,
  `CREATE UNIQUE INDEX "users_email_key" ON "users" (lower("email"))`,
  `CREATE UNIQUE INDEX "users_username_key" ON "users" (lower("username"))`,
  `CREATE INDEX "users_created_at_id_index" ON "users" ("created_at", "id")`,
  // One index for all searched columns. The line feed keeps a term from matching across two of
  // them: no stored text may hold one. user.search.ts must spell the expression the same way.
  `CREATE INDEX "users_search_index" ON "users" USING gin ((
    lower("email" || E'\\n' || coalesce("username", '') || E'\\n' ||
      coalesce("first_name", '') || ' ' || coalesce("last_name", ''))
  ) gin_trgm_ops)`,
];

const roles = [
  `CREATE TABLE "roles" (
    "id" uuid NOT NULL,
    "name" character varying(50) NOT NULL,
    "description" character varying(500),
    "is_system" boolean NOT NULL DEFAULT false,
    "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL,
    "updated_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL,
    CONSTRAINT "roles_pkey" PRIMARY KEY ("id")
  )`,
  `CREATE UNIQUE INDEX "roles_name_key" ON "roles" (lower("name"))`,
  `INSERT INTO "roles" ("id", "name", "description", "is_system", "created_at", "updated_at") VALUES
    ('019b0000-0000-7000-8000-000000000001', 'Owner', 'Can do everything, including what concerns other Owners and Admins.', true, now(), now()),
    ('019b0000-0000-7000-8000-000000000002', 'Admin', 'Administers ordinary users.', true, now(), now()),
    ('019b0000-0000-7000-8000-000000000003', 'User', 'Has an account.', true, now(), now())`,
  `CREATE TABLE "role_assignments" (
    "user_id" uuid NOT NULL,
    "role_id" uuid NOT NULL,
    "assigned_by_id" uuid,
    "assigned_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL,
    CONSTRAINT "role_assignments_pkey" PRIMARY KEY ("user_id", "role_id"),
    CONSTRAINT "role_assignments_user_id_fkey" FOREIGN KEY ("user_id")
      REFERENCES "users" ("id") ON DELETE CASCADE,
    CONSTRAINT "role_assignments_role_id_fkey" FOREIGN KEY ("role_id")
      REFERENCES "roles" ("id") ON DELETE RESTRICT,
    CONSTRAINT "role_assignments_assigned_by_id_fkey" FOREIGN KEY ("assigned_by_id")
      REFERENCES "users" ("id") ON DELETE SET NULL
  )`,
  `CREATE INDEX "role_assignments_role_id_index" ON "role_assignments" ("role_id")`,
  `CREATE INDEX "role_assignments_assigned_by_id_index" ON "role_assignments" ("assigned_by_id")`,
];

const sessions = [
  `CREATE TABLE "sessions" (
    "id" uuid NOT NULL,
    "user_id" uuid NOT NULL,
    "token_hash" bytea NOT NULL,
    "ip_address" inet,
    "user_agent" character varying(500),
    "last_seen_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL,
    "expires_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL,
    "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL,
    CONSTRAINT "sessions_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "sessions_user_id_fkey" FOREIGN KEY ("user_id")
      REFERENCES "users" ("id") ON DELETE CASCADE
  )`,
  `CREATE UNIQUE INDEX "sessions_token_hash_key" ON "sessions" ("token_hash")`,
  `CREATE INDEX "sessions_user_id_index" ON "sessions" ("user_id", "created_at")`,
  `CREATE INDEX "sessions_expires_at_index" ON "sessions" ("expires_at")`,
];

const others = [
  `CREATE TABLE "audit_events" (
    "id" uuid NOT NULL,
    "action" character varying(50) NOT NULL,
    "actor_type" character varying(10) NOT NULL,
    "actor_id" uuid,
    "subject_id" uuid,
    "ip_address" inet,
    "user_agent" character varying(500),
    "metadata" jsonb NOT NULL DEFAULT '{}',
    "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL,
    CONSTRAINT "audit_events_pkey" PRIMARY KEY ("id")
  )`,
  `CREATE INDEX "audit_events_created_at_index" ON "audit_events" ("created_at", "id")`,
  `CREATE INDEX "audit_events_subject_id_index" ON "audit_events" ("subject_id", "created_at")`,
  `CREATE INDEX "audit_events_actor_id_index" ON "audit_events" ("actor_id", "created_at")`,
  `CREATE INDEX "audit_events_action_index" ON "audit_events" ("action", "created_at")`,
  `CREATE UNLOGGED TABLE "rate_limits" (
    "key" character varying(100) NOT NULL,
    "places" TIMESTAMP WITH TIME ZONE array NOT NULL,
    "granted" integer NOT NULL,
    "expires_at" TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT "rate_limits_pkey" PRIMARY KEY ("key")
  )`,
  `CREATE INDEX "rate_limits_expires_at_index" ON "rate_limits" ("expires_at")`,
  `CREATE TABLE "installation" (
    "singleton" boolean NOT NULL DEFAULT true,
    "owner_claimed_at" TIMESTAMP(3) WITH TIME ZONE,
    CONSTRAINT "installation_pkey" PRIMARY KEY ("singleton"),
    CONSTRAINT "installation_singleton_check" CHECK ("singleton")
  )`,
  `INSERT INTO "installation" DEFAULT VALUES`,
];
