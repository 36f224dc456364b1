import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What access tokens are signed with. */
export class CreateSigningKeys20261125220000 implements MigrationInterface {
  readonly name = 'CreateSigningKeys20261125220000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`CREATE TABLE "signing_keys" (
      "id" uuid NOT NULL,
      "public_key" jsonb NOT NULL,
      "sealed_private_key" bytea NOT NULL,
      "signs_from" TIMESTAMP(3) WITH TIME ZONE NOT NULL,
      "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL,
      CONSTRAINT "signing_keys_pkey" PRIMARY KEY ("id")
    )`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE "signing_keys"');
  }
}
