import { expect, test } from 'vitest';
import type { Client } from '../support/client.ts';
import { newEmail, password, registerPerson } from '../support/people.ts';
import { from, passed, startLimited, times } from '../rate-limit/limited-servers.ts';

const proxied = { TRUST_PROXY: '1' };

const requestConfirmation = (client: Client, email: string) =>
  client.graphql(
    'mutation ($email: String!) { requestEmailConfirmation(email: $email) { errors { code } } }',
    { email },
  );

const requestChange = (client: Client, email: string) =>
  client.graphql(
    `mutation ($email: String!, $password: String!) {
      requestEmailChange(email: $email, currentPassword: $password) { errors { code } }
    }`,
    { email, password },
  );

test('MAIL_EMAIL lets 3 requests about one address pass, known or not, in any case and network', async () => {
  const { server } = await startLimited('PostgreSQL', proxied);
  const { email } = await registerPerson(server);
  for (const wanted of [email, 'unknown@example.com']) {
    const spellings = [wanted, wanted.toUpperCase(), ` ${wanted} `];
    const answers = await times(12, (index) =>
      requestConfirmation(from(server, `203.0.113.${index}`), spellings[index % 3] ?? ''),
    );
    expect(passed(answers, 'MAIL_EMAIL')).toBe(3);
  }
});

test('MAIL_NETWORK lets 10 requests from one network pass, each operation for itself', async () => {
  const { server } = await startLimited('PostgreSQL', {
    ...proxied,
    RATE_LIMIT_PASSWORD_USER: '0',
  });
  const { token } = await registerPerson(server);
  const client = from(server, '203.0.113.1');
  const answers = await times(20, () => requestConfirmation(client, newEmail()));
  expect(passed(answers, 'MAIL_NETWORK')).toBe(10);
  const changes = await times(20, () => requestChange(client.withToken(token), newEmail()));
  expect(passed(changes, 'MAIL_NETWORK')).toBe(10);
});

test('MAIL_EMAIL counts requestEmailChange for itself', async () => {
  const { server } = await startLimited('PostgreSQL', proxied);
  const { client } = await registerPerson(server);
  const email = newEmail();
  expect(passed(await times(3, () => requestConfirmation(server.client, email)))).toBe(3);
  expect(passed(await times(7, () => requestChange(client, email)), 'MAIL_EMAIL')).toBe(3);
});

test('TOKEN_NETWORK lets 20 tries at tokens pass, whichever operation tries', async () => {
  const { server } = await startLimited('PostgreSQL', proxied);
  const operations = ['confirmEmail', 'confirmEmailChange'];
  const attempt = (client: Client, index: number) =>
    client.graphql(
      `mutation { ${operations[index % 2] ?? ''}(token: "guess") { errors { code } } }`,
    );
  const answers = await times(30, (index) => attempt(from(server, '203.0.113.1'), index));
  expect(passed(answers, 'TOKEN_NETWORK')).toBe(20);
  expect(passed([await attempt(from(server, '203.0.113.2'), 0)])).toBe(1);
});

test('PASSWORD_USER lets 5 guesses pass, by whichever operation, from whichever network', async () => {
  const { server } = await startLimited('PostgreSQL', proxied);
  const { token } = await registerPerson(server);
  const operations = [
    '{ validateEmailChange(currentPassword: "guess", email: "a@b.c") { valid } }',
    `mutation ($email: String!) {
      requestEmailChange(currentPassword: "guess", email: $email) { errors { code } }
    }`,
  ];
  const answers = await times(12, (index) =>
    from(server, `203.0.113.${index}`)
      .withToken(token)
      .graphql(operations[index % 2] ?? '', { email: newEmail() }),
  );
  expect(passed(answers, 'PASSWORD_USER')).toBe(5);
});
