import { expect, onTestFinished, test } from 'vitest';
import { startTestServer } from '../support/server.ts';
import { statementsOf } from '../support/statements.ts';
import { findReset, reset } from './resets.ts';

test('what cannot be a token costs no statement', async () => {
  const server = await startTestServer({ RUN_JOBS: 'false' });
  onTestFinished(() => server.stop());
  const statements = await statementsOf(async () => {
    await findReset(server.client, 'invalidtoken');
    await reset(server.client, 'invalidtoken');
  });
  expect(statements).toEqual([]);
});
