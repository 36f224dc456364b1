import { expect, onTestFinished, test, vi } from 'vitest';
import { createTestDatabase } from '../support/database.ts';
import { loginMutation, newEmail, password, registerMutation } from '../support/people.ts';
import type { LoginResult, RegisterResult } from '../support/people.ts';
import { makeDataDir, startProcess } from '../support/process.ts';
import { promisedMilliseconds, refusedAfter, remember, tries } from './remembering.ts';
import { logout, whoIs } from './sessions.ts';

vi.setConfig({ testTimeout: 120_000 });

test('two processes: a session that one of them ends is refused there at once, and by the other within 100 ms', async () => {
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  const settings = {
    DATABASE_URL: database.url,
    DATA_DIR: await makeDataDir(),
    BCRYPT_COST: '4',
    RATE_LIMITS: 'off',
    RUN_JOBS: 'false',
  };
  const started = [startProcess(settings), startProcess(settings)].map((one) => one.started);
  const [here, elsewhere] = await Promise.all(started);
  if (here === undefined || elsewhere === undefined) throw new Error('Nothing was started.');
  const email = newEmail();
  await here.client.graphql<RegisterResult>(registerMutation, { input: { email, password } });

  const times: number[] = [];
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const { data } = await here.client.graphql<LoginResult>(loginMutation, {
      input: { email, password },
    });
    const client = here.client.withToken(data.login.token ?? '');
    await remember(client);
    await remember(client.at(elsewhere.url));
    await logout(client);
    const endedAt = performance.now();
    expect(await whoIs(client)).toBeUndefined();
    await refusedAfter(client.at(elsewhere.url));
    times.push(performance.now() - endedAt);
  }
  expect(Math.min(...times)).toBeLessThan(promisedMilliseconds);
});
