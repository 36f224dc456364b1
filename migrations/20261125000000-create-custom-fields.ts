import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What applications keep about users beside their profile, and what it may be. */
export class CreateCustomFields20261125000000 implements MigrationInterface {
  readonly name = 'CreateCustomFields20261125000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    // A constant default: the rows of a large table are not written again.
    await queryRunner.query(
      `ALTER TABLE "users" ADD COLUMN "custom_fields" jsonb NOT NULL DEFAULT '{}'`,
    );
    // Only for `@>`, and smaller by half than an index of keys and values apart.
    await queryRunner.query(
      `CREATE INDEX "users_custom_fields_index" ON "users" USING gin ("custom_fields" jsonb_path_ops)`,
    );
    await queryRunner.query(`CREATE TABLE "custom_field_definitions" (
      "key" character varying(50) NOT NULL,
      "label" character varying(100) NOT NULL,
      "type" character varying(10) NOT NULL,
      "required" boolean NOT NULL DEFAULT false,
      "position" integer NOT NULL,
      "enabled" boolean NOT NULL DEFAULT true,
      "user_editable" boolean NOT NULL DEFAULT false,
      "options" text array,
      "min" double precision,
      "max" double precision,
      "pattern" character varying(500),
      "default_value" jsonb,
      "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL,
      "updated_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL,
      CONSTRAINT "custom_field_definitions_pkey" PRIMARY KEY ("key")
    )`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE "custom_field_definitions"');
    await queryRunner.query('ALTER TABLE "users" DROP COLUMN "custom_fields"');
  }
}
