import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Mailed tokens, the mails themselves, the development mailbox, API keys, where accounts were
 * registered, and with what sessions were opened. The queue of jobs has a schema of its own,
 * `graphile_worker`, which it migrates itself.
 */
export class CreateMailsTokensKeys20261123120000 implements MigrationInterface {
  readonly name = 'CreateMailsTokensKeys20261123120000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of [...columns, ...tokens, ...mails, ...keys]) {
      await queryRunner.query(statement);
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of ['api_keys', 'mailbox_messages', 'mails', 'one_time_tokens']) {
      await queryRunner.query(`DROP TABLE "${table}"`);
    }
    await queryRunner.query('ALTER TABLE "sessions" DROP COLUMN "user_agent_hash"');
    for (const column of ['city', 'region', 'country', 'country_code']) {
      await queryRunner.query(`ALTER TABLE "users" DROP COLUMN "registration_${column}"`);
    }
  }
}

const columns = [
  `ALTER TABLE "users"
    ADD COLUMN "registration_country_code" character varying(2),
    ADD COLUMN "registration_country" character varying(100),
    ADD COLUMN "registration_region" character varying(100),
    ADD COLUMN "registration_city" character varying(100)`,
  'ALTER TABLE "sessions" ADD COLUMN "user_agent_hash" bytea',
];

const tokens = [
  `CREATE TABLE "one_time_tokens" (
    "id" uuid NOT NULL,
    "user_id" uuid NOT NULL,
    "context" character varying(20) NOT NULL,
    "token_hash" bytea NOT NULL,
    "email" character varying(160) NOT NULL,
    "sent_to" character varying(160) NOT NULL,
    "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL,
    "expires_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL,
    CONSTRAINT "one_time_tokens_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "one_time_tokens_user_id_fkey" FOREIGN KEY ("user_id")
      REFERENCES "users" ("id") ON DELETE CASCADE,
    CONSTRAINT "one_time_tokens_context_check"
      CHECK (context IN ('confirm', 'reset_password', 'change_email'))
  )`,
  `CREATE UNIQUE INDEX "one_time_tokens_token_hash_key" ON "one_time_tokens" ("token_hash")`,
  // One live token of a kind a user: a new one takes the place of the older.
  `CREATE UNIQUE INDEX "one_time_tokens_user_id_context_key"
    ON "one_time_tokens" ("user_id", "context")`,
  `CREATE INDEX "one_time_tokens_expires_at_index" ON "one_time_tokens" ("expires_at")`,
];

const mails = [
  `CREATE TABLE "mails" (
    "id" uuid NOT NULL,
    "user_id" uuid,
    "kind" character varying(30) NOT NULL,
    "recipient" character varying(160) NOT NULL,
    "locale" character varying(35),
    "sealed_values" bytea,
    "state" character varying(10) NOT NULL DEFAULT 'queued',
    "attempts" integer NOT NULL DEFAULT 0,
    "last_error" character varying(500),
    "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL,
    "finished_at" TIMESTAMP(3) WITH TIME ZONE,
    CONSTRAINT "mails_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "mails_user_id_fkey" FOREIGN KEY ("user_id")
      REFERENCES "users" ("id") ON DELETE SET NULL,
    CONSTRAINT "mails_state_check" CHECK (state IN ('queued', 'sent', 'failed'))
  )`,
  `CREATE INDEX "mails_user_id_index" ON "mails" ("user_id")`,
  `CREATE INDEX "mails_state_index" ON "mails" ("state", "created_at", "id")`,
  `CREATE TABLE "mailbox_messages" (
    "id" uuid NOT NULL,
    "recipient" character varying(160) NOT NULL,
    "subject" text NOT NULL,
    "text" text NOT NULL,
    "html" text NOT NULL,
    "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL,
    CONSTRAINT "mailbox_messages_pkey" PRIMARY KEY ("id")
  )`,
  `CREATE INDEX "mailbox_messages_recipient_index"
    ON "mailbox_messages" (lower("recipient"), "created_at")`,
  `CREATE INDEX "mailbox_messages_created_at_index" ON "mailbox_messages" ("created_at", "id")`,
];

const keys = [
  `CREATE TABLE "api_keys" (
    "id" uuid NOT NULL,
    "name" character varying(100) NOT NULL,
    "key_hash" bytea NOT NULL,
    "prefix" character varying(20) NOT NULL,
    "scopes" text array NOT NULL,
    "created_by_id" uuid,
    "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL,
    "expires_at" TIMESTAMP(3) WITH TIME ZONE,
    "last_used_at" TIMESTAMP(3) WITH TIME ZONE,
    "revoked_at" TIMESTAMP(3) WITH TIME ZONE,
    CONSTRAINT "api_keys_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "api_keys_created_by_id_fkey" FOREIGN KEY ("created_by_id")
      REFERENCES "users" ("id") ON DELETE SET NULL
  )`,
  `CREATE UNIQUE INDEX "api_keys_key_hash_key" ON "api_keys" ("key_hash")`,
  `CREATE INDEX "api_keys_created_by_id_index" ON "api_keys" ("created_by_id")`,
];
