import { afterAll, beforeAll, expect, test } from 'vitest';
import { meanwhile } from '../email/meanwhile.ts';
import { newEmail, registerPerson, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { statementsOf } from '../support/statements.ts';
import { expectSameTime } from '../support/timing.ts';
import { register } from './registering.ts';

// What a stranger could measure where HIDE_REGISTERED_EMAILS=true. Without workers, which would
// run their statements among those that are counted.
const quiet = { RUN_JOBS: 'false' };
let open: TestServer;
let server: TestServer;
let known: Person;
beforeAll(async () => {
  open = await startTestServer(quiet);
  await registerPerson(open);
  known = await registerPerson(open, { email: 'derived@example.com' });
  server = await startTestServer({ ...quiet, HIDE_REGISTERED_EMAILS: 'true' }, open.database);
});
afterAll(async () => {
  await server.stop();
  await open.stop();
});

test('a taken address costs the same statements as a free one, but that its work is undone', async () => {
  const undone = (statements: readonly string[]) =>
    statements.map((text) => text.replace('ROLLBACK TO SAVEPOINT', 'RELEASE SAVEPOINT'));
  for (const wish of [{}, { username: 'wished_for' }, { signIn: true }]) {
    const taken = await statementsOf(() =>
      register(server.client, { ...wish, email: known.email }),
    );
    const free = await statementsOf(() => register(server.client, { ...wish, email: newEmail() }));
    expect(undone(taken)).toEqual(free);
    expect(taken).not.toEqual(free);
  }
});

test('a taken address takes the same time as a free one', () =>
  expectSameTime({
    free: () => register(server.client, { email: newEmail() }),
    taken: () => register(server.client, { email: known.email }),
  }));

test('two at once wait for each other, whether the address is free or taken', async () => {
  // As the first of the two does, until it is committed. Without it only a free address would.
  const turn = `SELECT pg_advisory_xact_lock(hashtextextended('registration ' || lower($1), 0))`;
  for (const email of [newEmail(), known.email]) {
    const answer = await meanwhile(server, turn, [email], () =>
      register(server.client, { email: email.toUpperCase() }),
    );
    expect(answer.errors).toEqual([]);
  }
});
