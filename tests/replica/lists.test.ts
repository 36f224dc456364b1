import { mkdtemp, rm, chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startEmbeddedDatabase, type EmbeddedDatabase } from '../../src/database/embedded.ts';
import type { Client } from '../support/client.ts';
import { connectTo, type TestDatabase } from '../support/database.ts';
import { poll } from '../support/mailbox.ts';
import {
  loginMutation,
  type LoginResult,
  newEmail,
  password,
  registerPerson,
  registerUnconfirmed,
  type Person,
} from '../support/people.ts';
import { startReplica, type Replica } from '../support/replica.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { scrape, valueOf } from '../operations/metrics.ts';

let folder: string;
let primary: EmbeddedDatabase;
let database: TestDatabase;
let replica: Replica;
/** Two instances on one primary and one replica. */
let one: TestServer;
let other: TestServer;
let owner: Person;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-replica-'));
  await chmod(folder, 0o755);
  const dataDir = join(folder, 'data');
  primary = await startEmbeddedDatabase({ dataDir, log: pino({ level: 'silent' }) });
  replica = await startReplica(primary.url, dataDir);
  database = connectTo(primary.url);
  const environment = { DATABASE_REPLICA_URLS: replica.url, RUN_JOBS: 'false' };
  one = await startTestServer(environment, database);
  other = await startTestServer(environment, database);
  owner = await registerPerson(one);
});

afterAll(async () => {
  await one?.stop();
  await other?.stop();
  await database?.drop();
  await replica?.stop();
  await primary?.stop();
  await rm(folder, { recursive: true, force: true });
});

type Query = (this: pg.Client, ...parameters: unknown[]) => unknown;

/** Does `work` and tells what primary and replica were asked. `failing` statements fail there. */
async function sent(work: () => Promise<unknown>, failing?: { replicaWith: string }) {
  const texts = { primary: [] as string[], replica: [] as string[] };
  const prototype = pg.Client.prototype as unknown as { query: Query };
  const original = prototype.query;
  prototype.query = function query(...parameters) {
    const [first] = parameters as [string | { text?: string }];
    const text = typeof first === 'string' ? first : (first.text ?? '');
    const isReplica = this.port === replica.port;
    texts[isReplica ? 'replica' : 'primary'].push(text);
    if (isReplica && failing !== undefined && text.includes('FROM "users"')) {
      return original.call(
        this,
        `DO $$ BEGIN RAISE SQLSTATE '${failing.replicaWith}'; END $$`,
        ...parameters.slice(2),
      );
    }
    return original.apply(this, parameters);
  };
  try {
    await work();
  } finally {
    prototype.query = original;
  }
  return texts;
}

const listed = async (client: Client): Promise<string[]> => {
  const { data, errors } = await client.graphql<{ users: { nodes: { email: string }[] } }>(
    '{ users(pageSize: 100) { nodes { email } } }',
  );
  expect(errors).toEqual([]);
  return data.users.nodes.map(({ email }) => email);
};

const isPosition = (text: string) => text.includes('AS position');

/** Lists once more until the replica serves them: it is connected to beside the first. */
const untilServed = (client: Client) =>
  poll(20_000, 'the replica does not serve', async () => {
    const { replica } = await sent(() => listed(client));
    return replica.some((text) => !isPosition(text)) || undefined;
  });

test.each([
  [
    'users',
    '{ users(role: "Owner") { totalCount nodes { email roleNames roles { name } avatar { id } } } }',
  ],
  [
    'usersConnection',
    '{ usersConnection(first: 5) { totalCount edges { node { customFields } } } }',
  ],
  ['searchUsers', '{ searchUsers(term: "person") { email } }'],
  ['usersWithRole', '{ usersWithRole(role: "Owner") { totalCount nodes { email } } }'],
  ['roleStats', '{ roleStats { totalUsers byRole { count role { name } } } }'],
  [
    'auditEvents',
    '{ auditEvents(first: 5) { edges { node { action actor { label } subject { email } } } } }',
  ],
])('%s comes from the replica, with what is shown of its rows', async (_, query) => {
  await untilServed(owner.client);
  const texts = await sent(async () => {
    expect((await owner.client.graphql(query)).errors).toEqual([]);
  });
  const fromPrimary = texts.primary.filter((text) => !isPosition(text));
  // Who asks, and which role is meant; nothing else.
  expect(fromPrimary.filter((text) => !/unnest|FROM "roles"/.test(text))).toEqual([]);
  expect(texts.replica.filter((text) => !isPosition(text))).not.toEqual([]);
});

test('what one instance was told is in the next list of the other, from the replica', async () => {
  const elsewhere = owner.client.at(other.url);
  await untilServed(elsewhere);
  const texts = await sent(async () => {
    for (let time = 0; time < 10; time += 1) {
      const { email } = await registerUnconfirmed(one);
      expect(await listed(elsewhere)).toContain(email);
    }
  });
  expect(texts.replica.filter((text) => !isPosition(text)).length).toBeGreaterThanOrEqual(5);
});

test('a replica that is behind is not read, neither by who wrote nor by anybody else', async () => {
  await untilServed(owner.client);
  await replica.query('SELECT pg_wal_replay_pause()');
  try {
    const { email } = await registerUnconfirmed(one);
    const [row] = await replica.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM users WHERE email = '${email}'`,
    );
    expect(row?.count).toBe(0);
    expect(await listed(owner.client)).toContain(email);
    expect(await listed(owner.client.at(other.url))).toContain(email);
  } finally {
    await replica.query('SELECT pg_wal_replay_resume()');
  }
  await untilServed(owner.client);
});

test('credentials, sessions, tokens, keys and limits never reach the replica', async () => {
  await untilServed(owner.client);
  const email = newEmail();
  const texts = await sent(async () => {
    const person = await registerPerson(one, { email });
    const input = { email, password };
    const { data } = await one.client.graphql<LoginResult>(loginMutation, { input });
    expect(data.login.token).toMatch(/^gh_s_/);
    for (const [client, query] of [
      [person.client, '{ me { email sessions { id } } mySessions { id } currentSession { id } }'],
      [
        person.client,
        'mutation { updateProfile(input: { firstName: "Ann" }) { user { firstName } } }',
      ],
      [owner.client, '{ users { nodes { email sessions { id } } } apiKeys { name } }'],
      [
        owner.client,
        `{ user(id: "${person.id}") { roleNames } userTokens(userId: "${person.id}") { id } }`,
      ],
      [person.client, 'mutation { logout { errors { code } } }'],
    ] as const) {
      expect((await client.graphql(query)).errors).toEqual([]);
    }
  });
  expect(texts.replica).not.toEqual([]);
  const secret = /sessions|one_time_tokens|password_hash|api_keys|former_secrets|rate_limits|mails/;
  expect(texts.replica.filter((text) => secret.test(text))).toEqual([]);
  expect(texts.primary.filter((text) => secret.test(text))).not.toEqual([]);
});

test('a list that fails on the replica is read from the primary', async () => {
  await untilServed(owner.client);
  // What PostgreSQL says when replaying has to remove rows that the list still reads.
  const texts = await sent(async () => expect(await listed(owner.client)).toContain(owner.email), {
    replicaWith: '40001',
  });
  expect(texts.replica.some((text) => text.includes('FROM "users"'))).toBe(true);
  expect(texts.primary.some((text) => text.includes('FROM "users"'))).toBe(true);
});

/** What is counted of one answer to `users`: by the server it was read from, and why there. */
async function counted(client: Client): Promise<Record<string, number>> {
  const read = async () => {
    const scraped = await scrape(client);
    const series = ['current', 'none', 'connecting', 'behind', 'failed', 'untold'];
    return series.map(
      (reason) => [reason, valueOf(scraped, 'gatehouse_lists_total', { reason }) ?? NaN] as const,
    );
  };
  const before = new Map(await read());
  await listed(client);
  const changes = (await read()).map(
    ([reason, count]) => [reason, count - (before.get(reason) ?? NaN)] as const,
  );
  return Object.fromEntries(changes.filter(([, change]) => change !== 0));
}

describe('where a list was read is counted', () => {
  test('from the replica', async () => {
    await untilServed(owner.client);
    expect(await counted(owner.client)).toEqual({ current: 1 });
  });

  test('from the primary while the replica is behind', async () => {
    await untilServed(owner.client);
    await replica.query('SELECT pg_wal_replay_pause()');
    try {
      await registerUnconfirmed(one);
      expect(await counted(owner.client)).toEqual({ behind: 1 });
      expect(await counted(owner.client)).toEqual({ behind: 1 }); // it is left alone for a second
    } finally {
      await replica.query('SELECT pg_wal_replay_resume()');
    }
  });

  test('from the primary when the replica failed, whether it was asked or already read', async () => {
    await untilServed(owner.client);
    await sent(async () => expect(await counted(owner.client)).toEqual({ failed: 1 }), {
      replicaWith: '40001',
    });
    const unreachable = await startTestServer(
      { DATABASE_REPLICA_URLS: 'postgresql://127.0.0.1:1/nowhere', RUN_JOBS: 'false' },
      database,
    );
    const client = owner.client.at(unreachable.url);
    try {
      expect(await counted(client)).toEqual({ connecting: 1 });
      await expect.poll(() => counted(client)).toEqual({ failed: 1 });
    } finally {
      await unreachable.stop();
    }
  });

  test('from the primary where no replica is named', async () => {
    const plain = await startTestServer({ RUN_JOBS: 'false' }, database);
    try {
      expect(await counted(owner.client.at(plain.url))).toEqual({ none: 1 });
    } finally {
      await plain.stop();
    }
  });
});

test('without its replica a server answers lists, and starts', async () => {
  await untilServed(owner.client);
  await replica.stop();
  expect(await listed(owner.client)).toContain(owner.email);
  const third = await startTestServer(
    { DATABASE_REPLICA_URLS: replica.url, RUN_JOBS: 'false' },
    database,
  );
  expect(await listed(owner.client.at(third.url))).toContain(owner.email);
  await third.stop();
  expect(one.logged.filter((line) => line.includes('the replica cannot serve'))).not.toEqual([]);
});
