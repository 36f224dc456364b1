import { describe, expect, test } from 'vitest';
import type { Client } from '../support/client.ts';
import { newEmail, password, registerMutation, registerPerson } from '../support/people.ts';
import { attempt, from, passed, startLimited, stores, times } from './limited-servers.ts';

const proxied = { TRUST_PROXY: '1' };

function register(client: Client, email = newEmail()) {
  return client.graphql(registerMutation, { input: { email, password } });
}

const validateQuery = `query ($input: RegisterInput!) { validateRegistration(input: $input) { valid } }`;

function validate(client: Client, email = newEmail()) {
  return client.graphql(validateQuery, { input: { email, password } });
}

const transferMutation = `mutation ($id: ID!) {
  transferOwnership(userId: $id, currentPassword: "wrong") { errors { code } } }`;

describe.each(stores)('the limits of other operations, counted in %s', (store) => {
  test('REGISTER_EMAIL lets 3 registrations of one address pass, in any case and network', async () => {
    const { server } = await startLimited(store, proxied);
    const emails = ['new@example.com', 'NEW@example.com', ' new@EXAMPLE.com '];
    const answers = await times(12, (index) =>
      register(from(server, `203.0.113.${index}`), emails[index % 3]),
    );
    expect(passed(answers, 'REGISTER_EMAIL')).toBe(3);
    const [denied] = answers.filter(({ errors }) => errors.length > 0);
    expect(denied?.errors[0]?.extensions.retryAfter).toBeGreaterThan(3500);
    expect(denied?.errors[0]?.extensions.retryAfter).toBeLessThanOrEqual(3600);
  });

  test('REGISTER_NETWORK lets 10 registrations from one network pass', async () => {
    const { server, database } = await startLimited(store, proxied);
    const answers = await times(30, () => register(from(server, '203.0.113.1')));
    expect(passed(answers, 'REGISTER_NETWORK')).toBe(10);
    expect(await database.query('SELECT FROM users')).toHaveLength(10);
    expect(passed([await register(from(server, '203.0.113.2'))])).toBe(1);
  });

  test('VALIDATE_NETWORK lets 60 validations from one network pass', async () => {
    const { server } = await startLimited(store, proxied);
    const answers = await times(75, () => validate(from(server, '203.0.113.1')));
    expect(passed(answers, 'VALIDATE_NETWORK')).toBe(60);
    expect(passed([await validate(from(server, '203.0.113.2'))])).toBe(1);
  });

  test('VALIDATE_NETWORK counts each alias of a query, though they run at once', async () => {
    const { server } = await startLimited(store, { RATE_LIMIT_VALIDATE_NETWORK: '7/60s' });
    const aliased = (count: number) =>
      `query ($input: RegisterInput!) { ${Array.from(
        { length: count },
        (_, index) => `a${index}: validateRegistration(input: $input) { valid }`,
      ).join('\n')} }`;
    const ask = (count: number) =>
      server.client.graphql(aliased(count), { input: { email: newEmail(), password } });
    expect(passed([await ask(5)])).toBe(1);
    expect(passed([await ask(3)], 'VALIDATE_NETWORK')).toBe(0);
    expect(passed([await ask(1)], 'VALIDATE_NETWORK')).toBe(0);
  });

  test('PASSWORD_USER lets 5 guesses of the own password pass, each user for themselves', async () => {
    const { server } = await startLimited(store);
    const owner = await registerPerson(server);
    const other = await registerPerson(server);
    await server.database.query(
      `INSERT INTO role_assignments (user_id, role_id, assigned_at)
       SELECT $1, role_id, now() FROM role_assignments WHERE user_id = $2`,
      [other.id, owner.id],
    );
    const guess = (client: Client) => client.graphql(transferMutation, { id: other.id });
    expect(passed(await times(20, () => guess(owner.client)), 'PASSWORD_USER')).toBe(5);
    expect(passed(await times(20, () => guess(other.client)), 'PASSWORD_USER')).toBe(5);
  });

  test('limits never share a key, whomever they count', async () => {
    const names = ['LOGIN', 'LOGIN_ACCOUNT', 'LOGIN_NETWORK', 'REGISTER_EMAIL', 'REGISTER_NETWORK'];
    const three = [...names, 'VALIDATE_NETWORK', 'REQUESTS'].map((name) => [
      `RATE_LIMIT_${name}`,
      name === 'REQUESTS' ? '9/60s' : '3/60s',
    ]);
    const { server } = await startLimited(store, Object.fromEntries(three) as typeof proxied);
    const email = 'one@example.com';
    // One network, one text: nine calls, of which each operation may make three.
    expect(passed(await times(3, () => register(server.client, email)))).toBe(3);
    expect(passed(await times(3, () => validate(server.client, email)))).toBe(3);
    expect(passed(await times(3, () => attempt(server.client, email)))).toBe(3);
    expect((await attempt(server.client, email)).errors[0]?.extensions.limit).toBe('REQUESTS');
  });
});

test('a limit set to 0 is off, and leaves the others on', async () => {
  const { server } = await startLimited('PostgreSQL', { RATE_LIMIT_LOGIN: '0' });
  const answers = await times(20, () => attempt(server.client, 'nobody@example.com'));
  expect(passed(answers, 'LOGIN_NETWORK')).toBe(15);
});

test('RATE_LIMITS=off switches all of them off', async () => {
  const { server, database } = await startLimited('PostgreSQL', { RATE_LIMITS: 'off' });
  const answers = [
    ...(await times(40, () => attempt(server.client, 'nobody@example.com'))),
    ...(await times(15, () => register(server.client))),
    ...(await times(15, () => register(server.client, 'one@example.com'))),
  ];
  expect(passed(answers)).toBe(70);
  expect(await database.query('SELECT FROM rate_limits')).toEqual([]);
});
