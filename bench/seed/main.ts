/**
 * Fills the database of the server with plausible users, for looking at pages and for measuring:
 *
 *     npm run seed -- --users 1000000 [--seed 1]
 */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import type { PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { onService } from '../../src/commands/database.ts';
import { readConfig } from '../../src/config/config.ts';
import { poolOf } from '../../src/database/data-source.ts';
import { departments, linesOfPeople, userColumns } from './people.ts';

const password = 'correct horse battery';

const { values: options } = parseArgs({
  options: {
    users: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
  },
});
const count = Number(options.users);
const seed = Number(options.seed);
if (!Number.isInteger(count) || count < 1 || count > 10_000_000 || !Number.isInteger(seed)) {
  fail('--users takes a number from 1 to 10000000, --seed a whole number.');
}
if (readConfig().production) fail('Made-up users are not for production.');

function fail(message: string): never {
  console.error(message);
  process.exit(2);
}

/** Building an index at the end takes a fraction of keeping it up to date a million times. */
async function withoutIndexes(
  client: PoolClient,
  tables: readonly string[],
  work: () => Promise<void>,
): Promise<void> {
  const { rows } = await client.query<{ name: string; definition: string }>(
    `SELECT indexname AS name, indexdef AS definition FROM pg_indexes
     WHERE schemaname = current_schema() AND tablename = ANY($1) AND indexname NOT LIKE '%\\_pkey'`,
    [tables],
  );
  for (const { name } of rows) await client.query(`DROP INDEX "${name}"`);
  await work();
  for (const { definition } of rows) await client.query(definition);
}

const makeRoles = `
  INSERT INTO roles (id, name, description, created_at, updated_at)
  VALUES ('019b0000-0000-7000-8000-0000000005ed', 'Editor', 'Made up.', now(), now())
  ON CONFLICT DO NOTHING`;

const defineFields = `
  INSERT INTO custom_field_definitions
    (key, label, type, required, position, options, created_at, updated_at)
  SELECT key, initcap(key), type, false, position, options, now(), now()
  FROM (VALUES ('department', 'select', 1, $1::text[]), ('level', 'number', 2, NULL),
    ('newsletter', 'boolean', 3, NULL)) AS field (key, type, position, options)
  ON CONFLICT DO NOTHING`;

/** A number from 0 to 999 that is always the same for a user. */
const lot = `('x' || substr(md5(u.id::text), 1, 6))::bit(24)::int % 1000`;

/** All are Users, one in twenty an Editor too, one in a thousand an Admin. */
const giveRoles = `
  INSERT INTO role_assignments (user_id, role_id, assigned_at)
  SELECT u.id, r.id, u.created_at FROM users u JOIN roles r
    ON r.name = 'User' OR (r.name = 'Editor' AND ${lot} < 50) OR (r.name = 'Admin' AND ${lot} = 999)
  WHERE u.password_hash = $1`;

/** One in ten is signed in, with a token that nobody knows. */
const openSessions = `
  INSERT INTO sessions (id, user_id, token_hash, ip_address, user_agent, last_seen_at, expires_at,
    created_at)
  SELECT gen_random_uuid(), u.id, sha256(gen_random_uuid()::text::bytea), '192.0.2.1',
    'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
    now(), now() + interval '60 days', now()
  FROM users u WHERE u.password_hash = $1 AND ${lot} % 10 = 0`;

/** The first of them is Owner where nobody is, so that there is somebody to sign in as. */
const makeOwner = `
  WITH seat AS (
    UPDATE installation SET owner_claimed_at = now() WHERE owner_claimed_at IS NULL RETURNING 1
  ), owner AS (
    UPDATE users SET confirmed_at = now(), is_active = true
    WHERE id = (SELECT min(id::text)::uuid FROM users WHERE password_hash = $1)
      AND EXISTS (SELECT FROM seat)
    RETURNING id, email
  ), granted AS (
    INSERT INTO role_assignments (user_id, role_id, assigned_at)
    SELECT owner.id, r.id, now() FROM owner, roles r WHERE r.name = 'Owner'
  )
  SELECT email FROM owner`;

async function fill(client: PoolClient, passwordHash: string): Promise<string | undefined> {
  await client.query('SET LOCAL statement_timeout = 0');
  await client.query("SET LOCAL maintenance_work_mem = '256MB'");
  await withoutIndexes(client, ['users'], async () => {
    const columns = userColumns.join(', ');
    const people = Readable.from(linesOfPeople(count, seed, passwordHash), { objectMode: false });
    await pipeline(people, client.query(copyFrom(`COPY users (${columns}) FROM STDIN`)));
  });
  await client.query(makeRoles);
  await client.query(defineFields, [departments]);
  await withoutIndexes(client, ['role_assignments', 'sessions'], async () => {
    await client.query(giveRoles, [passwordHash]);
    await client.query(openSessions, [passwordHash]);
  });
  const { rows } = await client.query<{ email: string }>(makeOwner, [passwordHash]);
  return rows[0]?.email;
}

await onService(async (ctx, { dataSource, databaseName }) => {
  const startedAt = Date.now();
  // As every hash has a salt of its own, it also tells these users from all others.
  const passwordHash = await ctx.ports.passwords.hash(password);
  const client = await poolOf(dataSource).connect();
  try {
    await client.query('BEGIN');
    const owner = await fill(client, passwordHash);
    await client.query('COMMIT');
    await client.query('SET statement_timeout = 0');
    await client.query('VACUUM (ANALYZE) users, role_assignments, sessions');
    const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
    console.log(`${count.toLocaleString('en')} users in ${seconds} s: ${databaseName}`);
    console.log(`Everybody's password is "${password}".`);
    if (owner !== undefined) console.log(`The Owner is ${owner}.`);
  } finally {
    client.release(true);
  }
});
