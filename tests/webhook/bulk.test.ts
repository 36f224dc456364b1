import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { importText, ndjson, oldHash, runCommand } from '../command-line/commands.ts';
import { password, registerPerson, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { allEvents, createWebhook, made } from './webhook-operations.ts';

let server: TestServer;
let owner: Person;
beforeEach(async () => {
  server = await startTestServer({ RUN_JOBS: 'false' });
  const started = server;
  onTestFinished(() => started.stop());
  owner = await registerPerson(server);
});

const listen = async (events = allEvents) =>
  made(await createWebhook(owner.client, { url: 'https://example.com/', events }));

interface Told {
  readonly type: string;
  readonly email: string;
  readonly roles: readonly string[];
}

/** What is to be told, in the order it happened, each with a job. */
const told = () =>
  server.database.query<Told>(
    `SELECT d.type, d.data ->> 'email' AS email, d.data -> 'roles' AS roles
     FROM webhook_deliveries d JOIN graphile_worker.jobs j
       ON j.key = 'webhook-delivery:' || d.id ORDER BY d.sequence`,
  );

const rows = ndjson([
  { email: 'one@example.org', passwordHash: oldHash, roles: ['Admin'] },
  { email: 'two@example.org', passwordHash: oldHash, roles: [] },
]);

test('an import tells of everybody it makes, and a trial of nobody', async () => {
  await listen();
  const trial = await importText(server.database, 'ndjson', rows, ['--dry-run']);
  expect(trial.outcome.refusedRows).toEqual([]);
  expect(await told()).toEqual([]);
  const { outcome } = await importText(server.database, 'ndjson', rows);
  expect(outcome.imported).toBe(2);
  const events = await told();
  expect(events.map(({ type, email }) => `${type} ${email}`).sort()).toEqual([
    'user.created one@example.org',
    'user.created two@example.org',
  ]);
  expect(events.find(({ email }) => email.startsWith('one'))?.roles).toContain('Admin');
});

test('giving everybody a role tells of everybody who got it', async () => {
  await server.database.query(
    `INSERT INTO users (id, email, password_hash, created_at, updated_at)
     SELECT gen_random_uuid(), 'u' || n || '@example.org', '', now(), now()
     FROM generate_series(1, 1500) AS n`,
  );
  const backfill = () =>
    owner.client.graphql<{ outcome: { assignedUsers: number } }>(
      'mutation { outcome: assignRolesToExistingUsers { assignedUsers } }',
    );
  await listen();
  expect((await backfill()).data.outcome.assignedUsers).toBe(1500);
  const events = await told();
  expect(events).toHaveLength(1500);
  expect(new Set(events.map(({ email }) => email)).size).toBe(1500);
  expect(
    events.every(({ type, roles }) => type === 'user.role_changed' && roles.length === 1),
  ).toBe(true);
});

test('who is made an Owner on the command line is told of as they are then', async () => {
  const person = await registerPerson(server);
  await server.database.query(
    'UPDATE users SET is_active = false, confirmed_at = NULL WHERE id = $1',
    [person.id],
  );
  await listen();
  const environment = { DATABASE_URL: server.database.url };
  for (const email of [person.email, 'new@example.org']) {
    const args = ['create-owner', email, '--force'];
    const { code, stderr } = await runCommand(args, environment, `${password}!\n`);
    expect({ code, stderr }).toMatchObject({ code: 0 });
  }
  const events = await told();
  const about = (wanted: string) => events.filter(({ email }) => email === wanted);
  expect(
    about(person.email)
      .map(({ type }) => type)
      .sort(),
  ).toEqual(['user.activated', 'user.confirmed', 'user.password_changed', 'user.role_changed']);
  expect(about('new@example.org')).toEqual([
    { type: 'user.created', email: 'new@example.org', roles: ['Owner', 'User'] },
  ]);
});
