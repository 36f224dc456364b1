import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Pictures of users, and what the storage may hold of pictures that are nobody's. */
export class CreateImages20261125200000 implements MigrationInterface {
  readonly name = 'CreateImages20261125200000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`CREATE TABLE "images" (
      "id" uuid NOT NULL,
      "user_id" uuid NOT NULL,
      "sha256" character(64) NOT NULL,
      "mime_type" character varying(20) NOT NULL,
      "width" integer NOT NULL,
      "height" integer NOT NULL,
      "size" integer NOT NULL,
      "status" character varying(10) NOT NULL,
      "files" jsonb NOT NULL DEFAULT '[]',
      "created_at" TIMESTAMP(3) WITH TIME ZONE NOT NULL,
      CONSTRAINT "images_pkey" PRIMARY KEY ("id"),
      CONSTRAINT "images_user_id_fkey" FOREIGN KEY ("user_id")
        REFERENCES "users" ("id") ON DELETE CASCADE
    )`);
    await queryRunner.query(
      'CREATE UNIQUE INDEX "images_user_id_key" ON "images" ("user_id")', // one picture each
    );
    await queryRunner.query(`CREATE TABLE "loose_images" (
      "id" uuid NOT NULL,
      "since" TIMESTAMP(3) WITH TIME ZONE NOT NULL,
      CONSTRAINT "loose_images_pkey" PRIMARY KEY ("id")
    )`);
    await queryRunner.query('CREATE INDEX "loose_images_since_index" ON "loose_images" ("since")');
    // A trigger, so that it holds however a row goes: replaced, removed, or with its user.
    await queryRunner.query(`CREATE FUNCTION "note_loose_image"() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        INSERT INTO loose_images (id, since) VALUES (OLD.id, now())
        ON CONFLICT (id) DO UPDATE SET since = excluded.since;
        RETURN NULL;
      END $$`);
    await queryRunner.query(`CREATE TRIGGER "images_note_loose" AFTER DELETE ON "images"
      FOR EACH ROW EXECUTE FUNCTION "note_loose_image"()`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE "images"');
    await queryRunner.query('DROP FUNCTION "note_loose_image"()');
    await queryRunner.query('DROP TABLE "loose_images"');
  }
}
