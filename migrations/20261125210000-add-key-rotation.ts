import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where an API key may be used from, and the secrets it had before it was rotated. */
export class AddKeyRotation20261125210000 implements MigrationInterface {
  readonly name = 'AddKeyRotation20261125210000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE "api_keys" ADD COLUMN "addresses" cidr array');
    await queryRunner.query(`CREATE TABLE "former_secrets" (
      "key_hash" bytea NOT NULL,
      "api_key_id" uuid NOT NULL,
      "expires_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL,
      CONSTRAINT "former_secrets_pkey" PRIMARY KEY ("key_hash"),
      CONSTRAINT "former_secrets_api_key_id_fkey" FOREIGN KEY ("api_key_id")
        REFERENCES "api_keys" ("id") ON DELETE CASCADE
    )`);
    await queryRunner.query(
      'CREATE INDEX "former_secrets_api_key_id_index" ON "former_secrets" ("api_key_id")',
    );
    await queryRunner.query(
      'CREATE INDEX "former_secrets_expires_at_index" ON "former_secrets" ("expires_at")',
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE "former_secrets"');
    await queryRunner.query('ALTER TABLE "api_keys" DROP COLUMN "addresses"');
  }
}
