import { decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { whoIs } from '../session/sessions.ts';
import { registerPerson, type Person } from '../support/people.ts';
import { poll } from '../support/mailbox.ts';
import type { TestServer } from '../support/server.ts';
import { issuer, startIssuer, tokenFor } from './access-tokens.ts';

let servers: readonly TestServer[];
let server: TestServer;
let person: Person;
beforeAll(async () => {
  server = await startIssuer(); // works off jobs, sweeps among them
  servers = [server, await startIssuer({ RUN_JOBS: 'false' }, server)];
  person = await registerPerson(server);
});
beforeEach(() => server.database.query('DELETE FROM signing_keys'));
afterAll(async () => {
  for (const one of [...servers].reverse()) await one.stop();
});

const keyIds = async (): Promise<string[]> => {
  const { keys } = (await (await fetch(`${server.url}/.well-known/jwks.json`)).json()) as {
    keys: { kid: string }[];
  };
  return keys.map(({ kid }) => kid);
};
const kidOf = (token: string) => decodeProtectedHeader(token).kid;
const age = (interval: string) =>
  server.database.query('UPDATE signing_keys SET signs_from = signs_from - $1::interval', [
    interval,
  ]);

/** Has the sweep done now rather than at the next full minute. */
async function sweep(): Promise<void> {
  await server.database.query(
    `SELECT graphile_worker.add_job('sweep', run_at => now(), max_attempts => 1, job_key => 'sweep')`,
  );
  await poll(20_000, 'no sweep was made', async () => {
    const jobs = await server.database.query(
      "SELECT FROM graphile_worker.jobs WHERE task_identifier = 'sweep' AND run_at <= now()",
    );
    return jobs.length === 0 ? true : undefined;
  });
}

test('of twenty first tokens at once, on two instances, all are signed with one key', async () => {
  const tokens = await Promise.all(
    Array.from({ length: 20 }, (_, place) =>
      tokenFor((servers[place % 2] ?? server).client.withToken(person.token)),
    ),
  );
  expect(new Set(tokens.map(kidOf)).size).toBe(1);
  expect(await keyIds()).toEqual([kidOf(tokens[0] ?? '')]);
});

test('the private key is stored encrypted', async () => {
  await tokenFor(person.client);
  const [row] = await server.database.query<{ whole: string; sealed: Buffer }>(
    'SELECT k::text AS whole, sealed_private_key AS sealed FROM signing_keys k',
  );
  expect(row?.whole).not.toContain('"d"');
  expect(row?.sealed.toString('latin1')).not.toContain('"d"');
});

test('a key is followed after thirty days: the next is published a day ahead', async () => {
  const first = kidOf(await tokenFor(person.client));
  await age('28 days');
  await sweep();
  expect(await keyIds()).toEqual([first]);
  await age('1 day 1 minute');
  await sweep();
  const [next, ...former] = await keyIds();
  expect(former).toEqual([first]);
  expect(kidOf(await tokenFor(person.client))).toBe(first);
  await age('1 day');
  const token = await tokenFor(person.client);
  expect(kidOf(token)).toBe(next);
  await sweep();
  expect(await keyIds()).toEqual([next, first]); // tokens of the first may still be about
  await age('1 day');
  await sweep();
  expect(await keyIds()).toEqual([next]);
  expect(await whoIs(server.client.withToken(token))).toBe(person.id);
});

test('rotation under load loses no request, on two instances', async () => {
  let done = false;
  const kids = new Set<string | undefined>();
  const refused: unknown[] = [];
  const calls = Array.from({ length: 8 }, async (_, place) => {
    const [one, two] = place % 2 === 0 ? servers : [...servers].reverse();
    while (!done) {
      const token = await tokenFor((one ?? server).client.withToken(person.token));
      kids.add(kidOf(token));
      const who = await whoIs((two ?? server).client.withToken(token));
      if (who !== person.id) refused.push(token);
    }
  });
  for (const step of ['29 days 1 minute', '1 day', '1 day', '27 days 1 minute', '1 day']) {
    await age(step);
    await sweep();
  }
  done = true;
  await Promise.all(calls);
  expect(refused).toEqual([]);
  expect(kids.size).toBeGreaterThan(1);
});

test('after a change of APP_SECRET another key signs, and former tokens stay good', async () => {
  const former = await tokenFor(person.client);
  const APP_SECRET = 'another secret of the tests, no less known';
  const changed = await startIssuer({ APP_SECRET, RUN_JOBS: 'false' }, server);
  const token = await tokenFor(changed.client.withToken(person.token));
  expect(kidOf(token)).not.toBe(kidOf(former));
  for (const one of [former, token]) {
    expect(await whoIs(changed.client.withToken(one))).toBe(person.id);
  }
  await changed.stop();
});

test('the public keys may be kept for ten minutes, and asked for by their tag', async () => {
  const url = `${server.url}/.well-known/jwks.json`;
  const { status, headers } = await fetch(url);
  expect([status, headers.get('cache-control')]).toEqual([200, 'public, max-age=600']);
  expect(headers.get('content-type')).toContain('application/json');
  const etag = headers.get('etag') ?? '';
  expect((await fetch(url, { headers: { 'if-none-match': etag } })).status).toBe(304);
});

test('the discovery document says what is true and no more', async () => {
  const found = await fetch(`${server.url}/.well-known/openid-configuration`);
  expect(await found.json()).toEqual({
    issuer,
    jwks_uri: `${server.url}/.well-known/jwks.json`,
    id_token_signing_alg_values_supported: ['ES256'],
    subject_types_supported: ['public'],
    claims_supported: ['sub', 'sid', 'roles', 'iss', 'aud', 'iat', 'exp', 'jti'],
  });
});
