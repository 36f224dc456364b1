import { expect, test } from 'vitest';
import { registerPerson } from '../support/people.ts';
import { startTestServer } from '../support/server.ts';
import { expectSameTime } from '../support/timing.ts';
import { loginCodes } from './sessions.ts';

test('refusing takes the same time for an account that exists and one that does not', async () => {
  // A cost at which hashing takes most of the time, as it does at the default.
  const server = await startTestServer({ BCRYPT_COST: '8' });
  const { email } = await registerPerson(server);
  const refuse = async (name: string) => {
    const codes = await loginCodes(server.client, name, { password: 'no, not this' });
    expect(codes).toEqual(['INVALID_CREDENTIALS']);
  };
  await expectSameTime({
    unknown: () => refuse('nobody@example.com'),
    known: () => refuse(email),
  });
  await server.stop();
}, 60_000);
