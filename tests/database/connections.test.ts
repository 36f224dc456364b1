import { setTimeout as pause } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { registerPerson } from '../support/people.ts';
import { startTestServer } from '../support/server.ts';

test('a server with nothing to do holds few connections, however many jobs it could do at once', async () => {
  const server = await startTestServer();
  onTestFinished(() => server.stop());
  await registerPerson(server);
  await pause(1_000); // all of its workers have looked for jobs by now
  const [row] = await server.database.query<{ connections: number }>(
    `SELECT count(*)::int AS connections FROM pg_stat_activity
     WHERE datname = current_database() AND application_name LIKE 'gatehouse%'`,
  );
  expect(row?.connections).toBeGreaterThan(2);
  expect(row?.connections).toBeLessThan(10);
});
