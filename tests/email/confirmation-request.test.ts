import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { registerPerson, registerUnconfirmed } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { statementsOf } from '../support/statements.ts';
import { expectSameTime } from '../support/timing.ts';
import { askForConfirmation } from './addresses.ts';

// What a stranger could learn from asking for a confirmation mail: nothing.
let server: TestServer;
const addresses = { unconfirmed: '', confirmed: '', inactive: '', unknown: 'nobody@example.com' };
const kinds = Object.keys(addresses) as (keyof typeof addresses)[];

beforeAll(async () => {
  server = await startTestServer({ RUN_JOBS: 'false' });
  addresses.confirmed = (await registerPerson(server)).email;
  addresses.unconfirmed = (await registerUnconfirmed(server)).email;
  const { id, email } = await registerUnconfirmed(server);
  addresses.inactive = email;
  await server.database.query('UPDATE users SET is_active = false WHERE id = $1', [id]);
});
afterAll(() => server.stop());

describe('known, unknown, confirmed and inactive addresses', () => {
  beforeEach(async () => {
    await askForConfirmation(server.client, addresses.unknown); // the first call prepares things
  });

  test('get the same answer, with the same headers', async () => {
    const answers = await Promise.all(
      kinds.map((kind) => askForConfirmation(server.client, addresses[kind])),
    );
    for (const { status, headers, data, errors } of answers) {
      expect([status, data, errors]).toEqual([
        200,
        { requestEmailConfirmation: { errors: [] } },
        [],
      ]);
      expect([...headers.keys()]).toEqual([...(answers[0]?.headers.keys() ?? [])]);
      expect(headers.get('content-length')).toBe(answers[0]?.headers.get('content-length'));
    }
  });

  test('cost the same statements, which leave a job of the same size', async () => {
    const costs: Record<string, string[]> = {};
    for (const kind of kinds) {
      costs[kind] = await statementsOf(() =>
        askForConfirmation(server.client, addresses[kind].padEnd(20)),
      );
    }
    // A transaction with one job in it; nobody is looked up.
    expect(costs.unknown).toHaveLength(3);
    for (const kind of kinds) expect(costs[kind]).toEqual(costs.unknown);
  });

  test('leave nothing readable about whom it was asked for', async () => {
    await askForConfirmation(server.client, 'sought-after@example.com');
    const rows = await server.database.query<{ payload: string }>(
      'SELECT payload::text FROM graphile_worker._private_jobs',
    );
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain('sought-after');
  });
});

test('takes the same time for all of them', () =>
  expectSameTime({
    unknown: () => askForConfirmation(server.client, addresses.unknown),
    unconfirmed: () => askForConfirmation(server.client, addresses.unconfirmed),
    confirmed: () => askForConfirmation(server.client, addresses.confirmed),
    inactive: () => askForConfirmation(server.client, addresses.inactive),
  }));
