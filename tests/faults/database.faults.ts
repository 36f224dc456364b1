import { chown, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { registerPerson } from '../support/people.ts';
import { poll } from '../support/mailbox.ts';
import { remember } from '../session/remembering.ts';
import { whoIs } from '../session/sessions.ts';
import { isShort } from './form.ts';
import {
  ask,
  expectNothingLost,
  expectRecovery,
  expectTruthfulHealth,
  startLoaded,
} from './loaded-server.ts';
import { startVictim, type Victim } from './postgres.ts';

let victim: Victim;
beforeAll(async () => {
  victim = await startVictim('database-faults');
});
afterAll(() => victim.remove());

const writers = 8;

test('PostgreSQL stopped and started again: nothing is lost, and sessions are not remembered over it', async () => {
  const loaded = await startLoaded(victim, writers);
  const { server, load, database } = loaded;
  const person = await registerPerson(server);
  await remember(person.client);
  await victim.stop();
  await expectTruthfulHealth(server);
  expect((await person.client.graphql('{ me { id } }')).code).toBe('SERVER_BUSY');
  await victim.start();
  await expectRecovery(loaded);
  await remember(person.client);
  await database.query('DELETE FROM sessions WHERE user_id = $1', [person.id]);
  await poll(2_000, 'the ended session went on', async () =>
    (await whoIs(person.client)) === undefined ? true : undefined,
  );
  await expectNothingLost(loaded);
  // Five seconds until a connection counts as not to be had, and what a busy machine adds.
  expect(load.slowestMilliseconds).toBeLessThan(15_000);
});

// As with everything the short form leaves out, there is then no such test, rather than a skipped one.
if (!isShort) {
  test('a PostgreSQL that crashes and recovers: nothing is lost', async () => {
    const loaded = await startLoaded(victim, writers);
    const [backend] = await loaded.database.query<{ pid: number }>(
      `SELECT pid FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'gatehouse' LIMIT 1`,
    );
    process.kill(backend?.pid ?? NaN, 'SIGKILL'); // at which it ends all others and recovers
    await poll(10_000, 'nobody noticed', async () => loaded.load.failures.size > 0 || undefined);
    await expectRecovery(loaded);
    await expectNothingLost(loaded);
  });
}

// The longest is longer than a server waits for an answer.
test.each(isShort ? [3] : [3, 20, 70])(
  'PostgreSQL frozen for %i seconds: nobody is served from memory, none waits for ever',
  async (seconds) => {
    const loaded = await startLoaded(victim, writers);
    const { server, load } = loaded;
    const person = await registerPerson(server);
    await remember(person.client);
    const thawed = pause(seconds * 1000).then(() => victim.thaw());
    onTestFinished(() => thawed);
    await victim.freeze();
    await pause(150); // a tenth of a second is what memory may be old
    let isThawed = false;
    void thawed.then(() => (isThawed = true));
    const answered = person.client.graphql('{ me { id } }').then((answer) => {
      if (!isThawed) expect(answer.code).toBe('SERVER_BUSY');
    });
    await expectTruthfulHealth(server);
    await thawed;
    await answered;
    await expectRecovery(loaded);
    await expectNothingLost(loaded);
    expect(load.slowestMilliseconds).toBeLessThan(Math.min(seconds, 40) * 1000 + 15_000);
  },
);

/** Leaves the servers none, and keeps them until the returned function is called. */
async function takeEveryConnection(connectionString: string): Promise<() => Promise<void>> {
  const taken: pg.Client[] = [];
  let isOver = false;
  const takeOn = async () => {
    while (!isOver) {
      const client = new pg.Client({ connectionString });
      client.on('error', () => undefined);
      await client.connect().then(
        () => taken.push(client),
        () => pause(5),
      );
    }
  };
  const taking = Array.from({ length: 20 }, takeOn);
  await poll(30_000, 'the servers kept connections', async () => {
    const cutOff = await taken[0]?.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'gatehouse%'`,
    );
    const open = await taken[0]?.query(
      `SELECT FROM pg_stat_activity WHERE backend_type = 'client backend'
       HAVING count(*) = current_setting('max_connections')::int`,
    );
    return cutOff?.rowCount === 0 && open?.rowCount === 1 ? true : undefined;
  });
  return async () => {
    isOver = true;
    await Promise.all(taking);
    await Promise.all(taken.splice(0).map((client) => client.end()));
  };
}

test('a PostgreSQL that has no connection left: busy, not broken, and well when there are some', async () => {
  const loaded = await startLoaded(victim, writers);
  const release = await takeEveryConnection(victim.database.url);
  onTestFinished(release);
  await poll(10_000, 'the server had connections', async () =>
    (await ask(loaded.server, '/readyz')).status === 503 ? true : undefined,
  );
  await expectTruthfulHealth(loaded.server);
  await release();
  await expectRecovery(loaded);
  await expectNothingLost(loaded);
});

/** Makes every write to a table that is empty fail as on a full disk, until undone. */
async function fill(table: string, database: { query: Victim['database']['query'] }) {
  const [row] = await database.query<{ path: string; rows: number }>(
    `SELECT pg_relation_filepath('${table}') AS path, count(*)::int AS rows FROM ${table}`,
  );
  expect(row?.rows).toBe(0);
  const file = join(victim.data, row?.path ?? '');
  const { uid, gid, size } = await stat(file);
  expect(size).toBe(0);
  await victim.stop();
  await rm(file);
  await symlink('/dev/full', file);
  await victim.start();
  return async () => {
    await victim.stop();
    await rm(file);
    await writeFile(file, '', { mode: 0o600 });
    await chown(file, uid, gid);
    await victim.start();
  };
}

// Only Linux has /dev/full.
if (process.platform === 'linux') {
  test('a disk that has no room for mails: nobody is made without theirs, and all else goes on', async () => {
    const loaded = await startLoaded(victim, 0);
    const { server, load, database } = loaded;
    const owner = server.client.withToken(load.owner);
    const mend = await fill('mails', database);
    load.keepWriting(writers);
    await poll(20_000, 'nothing failed', async () => load.failures.size > 0 || undefined);
    const [{ users } = { users: 0 }] = await database.query<{ users: number }>(
      'SELECT count(*)::int AS users FROM users',
    );
    expect(users).toBe(1);
    expect((await owner.graphql('{ me { id } mySessions { id } }')).errors).toEqual([]);
    expect((await ask(server, '/readyz')).status).toBe(200);
    await mend();
    await expectRecovery(loaded);
    await expectNothingLost(loaded);
  });
}
