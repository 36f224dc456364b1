import { expect, test } from 'vitest';
import { registerPerson } from '../support/people.ts';
import { startTestServer } from '../support/server.ts';
import { loginCodes } from './sessions.ts';

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? NaN;

test('refusing takes the same time for an account that exists and one that does not', async () => {
  // A cost at which hashing takes most of the time, as it does at the default.
  const server = await startTestServer({ BCRYPT_COST: '9' });
  const { email } = await registerPerson(server);
  const times = { known: [] as number[], unknown: [] as number[] };
  const names = { known: email, unknown: 'nobody@example.com' };
  for (let round = 0; round < 30; round += 1) {
    // In turns, so that other work on the machine slows both alike.
    for (const kind of ['known', 'unknown'] as const) {
      const started = performance.now();
      const codes = await loginCodes(server.client, names[kind], { password: 'no, not this' });
      times[kind].push(performance.now() - started);
      expect(codes).toEqual(['INVALID_CREDENTIALS']);
    }
  }
  await server.stop();
  const ratio = median(times.unknown) / median(times.known);
  expect(ratio).toBeGreaterThan(0.6);
  expect(ratio).toBeLessThan(1.6);
});
