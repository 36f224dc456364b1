import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What finds users among a million of them: by the beginning of an address, a username or a name,
 * and the few who are inactive or not confirmed yet.
 */
export class AddDirectoryIndexes20261125100000 implements MigrationInterface {
  readonly name = 'AddDirectoryIndexes20261125100000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of [...beginnings, ...few]) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const index of [
      'users_unconfirmed_index',
      'users_inactive_index',
      'users_last_name_prefix_index',
      'users_name_prefix_index',
      'users_email_prefix_index',
      'users_username_key',
    ]) {
      await queryRunner.query(`DROP INDEX "${index}"`);
    }
    await queryRunner.query(
      `CREATE UNIQUE INDEX "users_username_key" ON "users" (lower("username"))`,
    );
  }
}

/**
 * Ordered letter by letter, as beginnings are found; a database's own order of words, where it has
 * one, puts them elsewhere. user-option.service.ts must spell the expressions the same way.
 * Usernames need no other order, so their key is made anew. Lists are ordered by address, so that
 * key stays. Beside the trigrams of a new user, which cost most of writing one, the three added
 * here do not show.
 */
const beginnings = [
  `CREATE INDEX "users_email_prefix_index" ON "users" (lower("email") text_pattern_ops)`,
  `DROP INDEX "users_username_key"`,
  `CREATE UNIQUE INDEX "users_username_key" ON "users" (lower("username") text_pattern_ops)`,
  `CREATE INDEX "users_name_prefix_index" ON "users" (
    lower(coalesce("first_name", '') || ' ' || coalesce("last_name", '')) text_pattern_ops
  )`,
  `CREATE INDEX "users_last_name_prefix_index" ON "users" (lower("last_name") text_pattern_ops)`,
];

/** Next to nothing to keep, for few users are in them; the newest first, without a sort. */
const few = [
  `CREATE INDEX "users_inactive_index" ON "users" ("created_at", "id") WHERE NOT "is_active"`,
  `CREATE INDEX "users_unconfirmed_index" ON "users" ("created_at", "id")
     WHERE "confirmed_at" IS NULL`,
];
