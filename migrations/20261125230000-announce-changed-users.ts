import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Tells listeners on `session_changes` whose sessions, profile or roles have changed, when the
 * change is committed: what a process remembers of a session it then forgets. Triggers, so that no
 * statement can forget to tell, also none that is typed by hand.
 *
 * Every commit that announces waits for the others that do, so what nobody can remember is not
 * announced: new users and sessions, `last_seen_at`, sessions that have run out.
 */
export class AnnounceChangedUsers20261125230000 implements MigrationInterface {
  readonly name = 'AnnounceChangedUsers20261125230000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of [announceUsers, announceAll, ...announcements.flatMap(made)]) {
      await queryRunner.query(statement);
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const { name, table } of announcements) {
      await queryRunner.query(`DROP TRIGGER "${name}" ON "${table}"`);
    }
    for (const { name, changed } of announcements) {
      if (changed !== undefined) await queryRunner.query(`DROP FUNCTION "${name}"()`);
    }
    await queryRunner.query('DROP FUNCTION "announce_all"()');
    await queryRunner.query('DROP FUNCTION "announce_users"(uuid[])');
  }
}

// A notification holds less than 8,000 bytes, and an id 37 with the space behind it.
const maxUsers = 200;

const announceUsers = `
  CREATE FUNCTION "announce_users"("ids" uuid[]) RETURNS void LANGUAGE sql AS $$
    SELECT pg_notify('session_changes',
      CASE WHEN cardinality(ids) > ${maxUsers} THEN '*' ELSE array_to_string(ids, ' ') END)
    WHERE cardinality(ids) > 0
  $$`;

const announceAll = `
  CREATE FUNCTION "announce_all"() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM pg_notify('session_changes', '*');
    RETURN NULL;
  END $$`;

interface Announcement {
  readonly name: string;
  readonly table: string;
  readonly event: string;
  /** The rows before or after, and the ids of the users they concern; without them it is everyone. */
  readonly changed?: { readonly rows: 'OLD' | 'NEW'; readonly userIds: string };
}

const announcements: readonly Announcement[] = [
  {
    name: 'users_announce_update',
    table: 'users',
    event: 'UPDATE',
    changed: { rows: 'NEW', userIds: 'SELECT id FROM changed' },
  },
  {
    // A session is remembered for a minute after its last use at most, and its end is known.
    name: 'sessions_announce_delete',
    table: 'sessions',
    event: 'DELETE',
    changed: {
      rows: 'OLD',
      userIds: `SELECT DISTINCT user_id FROM changed
        WHERE expires_at > now() AND last_seen_at > now() - interval '2 minutes'`,
    },
  },
  {
    name: 'sessions_announce_update',
    table: 'sessions',
    event: 'UPDATE OF user_id, token_hash, ip_address, user_agent_hash, expires_at',
  },
  { name: 'sessions_announce_truncate', table: 'sessions', event: 'TRUNCATE' },
  {
    // The roles of users who were made by this very transaction are news to nobody.
    name: 'role_assignments_announce_insert',
    table: 'role_assignments',
    event: 'INSERT',
    changed: {
      rows: 'NEW',
      userIds: `SELECT user_id FROM changed WHERE NOT EXISTS (
        SELECT FROM users WHERE id = user_id AND users.xmin = pg_current_xact_id()::xid)`,
    },
  },
  {
    name: 'role_assignments_announce_delete',
    table: 'role_assignments',
    event: 'DELETE',
    changed: { rows: 'OLD', userIds: 'SELECT user_id FROM changed' },
  },
  {
    name: 'role_assignments_announce_update',
    table: 'role_assignments',
    event: 'UPDATE OF user_id, role_id',
  },
  { name: 'roles_announce_update', table: 'roles', event: 'UPDATE OF name' },
];

function made({ name, table, event, changed }: Announcement): string[] {
  const trigger = (referencing: string, called: string) => `
    CREATE TRIGGER "${name}" AFTER ${event} ON "${table}" ${referencing}
    FOR EACH STATEMENT EXECUTE FUNCTION "${called}"()`;
  if (changed === undefined) return [trigger('', 'announce_all')];
  const { rows, userIds } = changed;
  const announce = `
    CREATE FUNCTION "${name}"() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM announce_users(ARRAY(${userIds} LIMIT ${maxUsers + 1}));
      RETURN NULL;
    END $$`;
  return [announce, trigger(`REFERENCING ${rows} TABLE AS changed`, name)];
}
