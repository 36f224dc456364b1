import { expect, inject, test } from 'vitest';
import { connectTo } from '../support/database.ts';
import { poll } from '../support/mailbox.ts';
import { registerPerson } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { figureOf, remember, remembering } from './remembering.ts';
import { whoIs } from './sessions.ts';

const isListening = (server: TestServer, wanted: 0 | 1) =>
  poll(15_000, `listening was not ${wanted}`, async () =>
    (await figureOf(server, 'listening')) === wanted ? true : undefined,
  );

test('while changes cannot be heard of nothing is remembered, and afterwards it is again', async () => {
  const server = await startTestServer(remembering);
  const { database } = server;
  const others = connectTo(inject('databaseServer'));
  const [ended, kept] = [await registerPerson(server), await registerPerson(server)];
  for (const { client } of [ended, kept]) await remember(client);
  const [{ name } = { name: '' }] = await database.query<{ name: string }>(
    'SELECT current_database() AS name',
  );
  const endSession = (id: string) =>
    database.query('DELETE FROM sessions WHERE user_id = $1', [id]);

  await others.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
  await database.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND application_name = 'gatehouse-listener'`,
  );
  await isListening(server, 0);
  const hits = await figureOf(server, 'hits_total');
  await endSession(ended.id);
  expect(await whoIs(ended.client)).toBeUndefined();
  for (let request = 0; request < 5; request += 1) {
    expect(await whoIs(kept.client)).toBe(kept.id);
  }
  expect(await figureOf(server, 'hits_total')).toBe(hits);
  expect(await figureOf(server, 'size')).toBe(0);

  await others.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
  await isListening(server, 1);
  await remember(kept.client);
  expect(await whoIs(ended.client)).toBeUndefined();
  await endSession(kept.id);
  await poll(10_000, 'the session went on', async () =>
    (await whoIs(kept.client)) === undefined ? true : undefined,
  );
  await server.stop();
  await others.drop();
});
