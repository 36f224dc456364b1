import { afterAll, beforeAll, expect, test } from 'vitest';
import { newEmail, registerPerson } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { statementsOf } from '../support/statements.ts';
import { requestEmailChange } from './addresses.ts';

// Without workers, which would run their statements among those that are counted.
const quiet = { RUN_JOBS: 'false' };
let open: TestServer;
let hiding: TestServer;
beforeAll(async () => {
  open = await startTestServer(quiet);
  hiding = await startTestServer({ ...quiet, HIDE_REGISTERED_EMAILS: 'true' }, open.database);
});
afterAll(async () => {
  await hiding.stop();
  await open.stop();
});

test('where addresses are hidden, asking for a taken one costs the same statements', async () => {
  const { token } = await registerPerson(open);
  const other = await registerPerson(open);
  const client = hiding.client.withToken(token);
  await requestEmailChange(client, newEmail());
  const free = await statementsOf(() => requestEmailChange(client, newEmail()));
  const taken = await statementsOf(() => requestEmailChange(client, other.email));
  expect(taken).toEqual(free);
  // Two of the caller; a transaction of user, token, owner, mail, job and audit.
  expect(free).toHaveLength(10);
});
