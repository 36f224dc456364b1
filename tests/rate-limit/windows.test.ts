import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { attempt, passed, startLimited, stores, times } from './limited-servers.ts';

const email = 'nobody@example.com';
const limitOff = { RATE_LIMIT_LOGIN_NETWORK: '0', RATE_LIMIT_LOGIN_ACCOUNT: '0' };

describe.each(stores)('the window of a limit, counted in %s', (store) => {
  test('ends for those who keep knocking, and not before the seconds it told', async () => {
    const { server } = await startLimited(store, { ...limitOff, RATE_LIMIT_LOGIN: '2/2s' });
    const started = performance.now();
    const first = await times(2, () => attempt(server.client, email));
    expect(passed(first)).toBe(2);
    const denied = await attempt(server.client, email);
    expect(passed([denied], 'LOGIN')).toBe(0);
    expect(denied.errors[0]?.extensions.retryAfter).toBeLessThanOrEqual(2);

    const knocks = await knockUntilPassed(() => attempt(server.client, email));
    expect(knocks).toBeGreaterThan(1);
    expect(performance.now() - started).toBeGreaterThanOrEqual(2_000);
  });
});

/** How many attempts it took until one was not denied; the bound is far beyond the window. */
async function knockUntilPassed(knock: () => ReturnType<typeof attempt>): Promise<number> {
  for (let knocks = 1; knocks <= 200; knocks += 1) {
    if (passed([await knock()], 'LOGIN') === 1) return knocks;
    await sleep(50);
  }
  throw new Error('The limit never opened again.');
}

test('retryAfter is the true number of seconds left, and no attempt makes it longer', async () => {
  const { server, database } = await startLimited('PostgreSQL', limitOff);
  await times(5, () => attempt(server.client, email));
  const age = (seconds: number) =>
    database.query(
      `UPDATE rate_limits SET expires_at = expires_at - make_interval(secs => $1),
         places = ARRAY(SELECT place - make_interval(secs => $1) FROM unnest(places) AS place)`,
      [seconds],
    );
  await age(40);
  for (let knock = 0; knock < 10; knock += 1) {
    const answer = await attempt(server.client, email);
    expect(passed([answer], 'LOGIN')).toBe(0);
    expect(answer.errors[0]?.extensions.retryAfter).toBeLessThanOrEqual(20);
    expect(answer.errors[0]?.extensions.retryAfter).toBeGreaterThan(5);
  }
  await age(20);
  expect(passed(await times(20, () => attempt(server.client, email)), 'LOGIN')).toBe(5);
});

test('each place of a window frees at its own time', async () => {
  const { server, database } = await startLimited('PostgreSQL', limitOff);
  await times(5, () => attempt(server.client, email));
  // Two of the five were taken long ago.
  await database.query(
    `UPDATE rate_limits SET places =
       ARRAY[now() - interval '61 s', now() - interval '60.5 s'] || places[3:5]`,
  );
  expect(passed(await times(20, () => attempt(server.client, email)), 'LOGIN')).toBe(2);
});
