import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Webhooks, and what they are told. */
export class CreateWebhooks20261126000000 implements MigrationInterface {
  readonly name = 'CreateWebhooks20261126000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`CREATE TABLE "webhooks" (
      "id" uuid NOT NULL,
      "url" character varying(2000) NOT NULL,
      "events" text array NOT NULL,
      "is_enabled" boolean NOT NULL DEFAULT true,
      "disabled_reason" character varying(200),
      "sealed_secret" bytea NOT NULL,
      "sealed_former_secret" bytea,
      "overlaps_until" TIMESTAMP(3) WITH TIME ZONE,
      "created_by_id" uuid,
      "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL,
      "updated_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL,
      CONSTRAINT "webhooks_pkey" PRIMARY KEY ("id"),
      CONSTRAINT "webhooks_created_by_id_fkey" FOREIGN KEY ("created_by_id")
        REFERENCES "users" ("id") ON DELETE SET NULL
    )`);
    await queryRunner.query(
      'CREATE INDEX "webhooks_created_by_id_index" ON "webhooks" ("created_by_id")',
    );
    await queryRunner.query(`CREATE TABLE "webhook_deliveries" (
      "id" uuid NOT NULL,
      "webhook_id" uuid NOT NULL,
      "sequence" bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
      "event_id" uuid NOT NULL,
      "type" character varying(30) NOT NULL,
      "user_id" uuid,
      "data" json NOT NULL,
      "state" character varying(10) NOT NULL DEFAULT 'pending',
      "attempts" integer NOT NULL DEFAULT 0,
      "status_code" integer,
      "duration_ms" integer,
      "error" character varying(300),
      "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL,
      "last_tried_at" TIMESTAMP(3) WITH TIME ZONE,
      "next_try_at" TIMESTAMP(3) WITH TIME ZONE,
      "finished_at" TIMESTAMP(3) WITH TIME ZONE,
      CONSTRAINT "webhook_deliveries_pkey" PRIMARY KEY ("id"),
      CONSTRAINT "webhook_deliveries_webhook_id_fkey" FOREIGN KEY ("webhook_id")
        REFERENCES "webhooks" ("id") ON DELETE CASCADE,
      CONSTRAINT "webhook_deliveries_state_check"
        CHECK (state IN ('pending', 'delivered', 'failed'))
    )`);
    await queryRunner.query(`CREATE INDEX "webhook_deliveries_webhook_id_index"
      ON "webhook_deliveries" ("webhook_id", "sequence")`);
    await queryRunner.query(`CREATE INDEX "webhook_deliveries_pending_index"
      ON "webhook_deliveries" ("webhook_id", "user_id", "sequence") WHERE state = 'pending'`);
    await queryRunner.query(
      'CREATE INDEX "webhook_deliveries_user_id_index" ON "webhook_deliveries" ("user_id")',
    );
    await queryRunner.query(
      'CREATE INDEX "webhook_deliveries_created_at_index" ON "webhook_deliveries" ("created_at")',
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE "webhook_deliveries"');
    await queryRunner.query('DROP TABLE "webhooks"');
  }
}
