import { expect, test } from 'vitest';
import { newEmail, registerPerson } from '../support/people.ts';
import type { Client } from '../support/client.ts';
import { from, passed, startLimited, times } from '../rate-limit/limited-servers.ts';
import { requestMutation, resetMutation } from './resets.ts';

const ask = (client: Client, email: string) => client.graphql(requestMutation, { email });

test('after 3 requests in 5 minutes more for the same address are rejected', async () => {
  const { server } = await startLimited('PostgreSQL', { TRUST_PROXY: '1' });
  const { email } = await registerPerson(server);
  for (const address of [email, newEmail()]) {
    const typed = [address, address.toUpperCase(), ` ${address} `];
    const answers = await times(9, (index) =>
      ask(from(server, `203.0.113.${index}`), typed[index % 3] ?? ''),
    );
    expect(passed(answers, 'MAIL_EMAIL')).toBe(3);
    const [denied] = answers.filter(({ errors }) => errors.length > 0);
    expect(denied?.errors[0]?.extensions.retryAfter).toBeGreaterThan(290);
    expect(denied?.errors[0]?.extensions.retryAfter).toBeLessThanOrEqual(300);
  }
});

test('after 10 requests in 5 minutes more from the same network are rejected', async () => {
  const { server } = await startLimited('PostgreSQL', { TRUST_PROXY: '1' });
  const answers = await times(25, () => ask(from(server, '203.0.113.1'), newEmail()));
  expect(passed(answers, 'MAIL_NETWORK')).toBe(10);
  expect(passed([await ask(from(server, '203.0.113.2'), newEmail())])).toBe(1);
});

test('20 tokens a minute can be tried from one network, by asking or by resetting', async () => {
  const { server } = await startLimited('PostgreSQL', { TRUST_PROXY: '1' });
  const query = 'query ($token: String!) { passwordReset(token: $token) { expiresAt } }';
  const answers = await times(30, (index) =>
    index % 2 === 0
      ? from(server, '203.0.113.1').graphql(query, { token: `no token ${index}` })
      : from(server, '203.0.113.1').graphql(resetMutation, { token: 'none', password: 'x' }),
  );
  expect(passed(answers, 'TOKEN_NETWORK')).toBe(20);
  expect(passed([await from(server, '203.0.113.2').graphql(query, { token: 'x' })])).toBe(1);
});
