import { describe, expect, test } from 'vitest';
import { registerPerson } from '../support/people.ts';
import { attempt, from, passed, startLimited, stores, times } from './limited-servers.ts';

const proxied = { TRUST_PROXY: '1' };

describe.each(stores)('attempts to sign in, counted in %s', (store) => {
  test('of 60 at once on one account exactly 5 pass, over two instances', async () => {
    const { servers, server } = await startLimited(store, {}, 2);
    const { email } = await registerPerson(server);
    const answers = await times(60, (index) =>
      attempt((servers[index % 2] ?? server).client, email),
    );
    expect(passed(answers, 'LOGIN', 'LOGIN_NETWORK')).toBe(5);
  });

  test('of 60 at once LOGIN alone lets exactly 5 pass', async () => {
    const { server } = await startLimited(store, { RATE_LIMIT_LOGIN_NETWORK: '0' });
    const answers = await times(60, () => attempt(server.client, 'nobody@example.com'));
    expect(passed(answers, 'LOGIN')).toBe(5);
  });

  test('count one for each alias of a request, which ends with the first denied', async () => {
    const { server, database } = await startLimited(store);
    const { email } = await registerPerson(server);
    const aliases = Array.from(
      { length: 20 },
      (_, index) => `a${index}: login(input: { email: "${email}", password: "no" }) { token }`,
    );
    const answer = await server.client.graphql(`mutation { ${aliases.join('\n')} }`);
    expect(answer.errors).toMatchObject([
      { path: ['a5'], extensions: { code: 'RATE_LIMITED', limit: 'LOGIN' } },
    ]);
    expect(passed([answer], 'LOGIN')).toBe(0);
    const audit = await database.query("SELECT FROM audit_events WHERE action = 'session.refused'");
    expect(audit).toHaveLength(5);
    expect((await attempt(server.client, email)).code).toBe('RATE_LIMITED');
  });

  test('count 20 for 20 aliases, where so many may pass', async () => {
    const { server } = await startLimited(store, {
      RATE_LIMIT_LOGIN: '25/60s',
      RATE_LIMIT_LOGIN_NETWORK: '0',
    });
    const aliases = Array.from(
      { length: 20 },
      (_, index) =>
        `a${index}: login(input: { email: "no@example.com", password: "no" }) { token }`,
    );
    const ask = () => server.client.graphql(`mutation { ${aliases.join('\n')} }`);
    expect((await ask()).errors).toEqual([]);
    expect((await ask()).errors).toMatchObject([
      { path: ['a5'], extensions: { code: 'RATE_LIMITED', limit: 'LOGIN' } },
    ]);
  });

  test('are one account by e-mail, by username and in any case', async () => {
    const { server } = await startLimited(store);
    const { email, username } = await registerPerson(server);
    const spellings = [email, email.toUpperCase(), ` ${email} `, username, username.toUpperCase()];
    for (const text of spellings) {
      expect((await attempt(server.client, text)).code).toBeUndefined();
    }
    for (const text of spellings) {
      expect(passed([await attempt(server.client, text)], 'LOGIN')).toBe(0);
    }
    expect((await attempt(server.client, 'somebody@example.com')).code).toBeUndefined();
  });

  test('count alike for accounts that do not exist', async () => {
    const { server } = await startLimited(store);
    const texts = ['no@example.com', 'NO@example.com', ' no@EXAMPLE.com'];
    const answers = await times(12, (index) => attempt(server.client, texts[index % 3] ?? ''));
    expect(passed(answers, 'LOGIN')).toBe(5);
  });

  test('from one network do not shut out the owner of the account in another', async () => {
    const { server } = await startLimited(store, proxied);
    const { email } = await registerPerson(server);
    await times(10, () => attempt(from(server, '203.0.113.1'), email));
    const own = await attempt(from(server, '198.51.100.1'), email, 'correct horse battery');
    expect(own.data.login.token).toMatch(/^gh_s_/);
  });

  test('on one account from many networks pass exactly 30 times', async () => {
    const { server } = await startLimited(store, proxied);
    const { email } = await registerPerson(server);
    const answers = await times(60, (index) =>
      attempt(from(server, `203.0.113.${index % 12}`), email),
    );
    expect(passed(answers, 'LOGIN_ACCOUNT')).toBe(30);
    expect((await attempt(from(server, '198.51.100.1'), 'other@example.com')).code).toBeUndefined();
  });

  test('from one network on many accounts pass exactly 15 times', async () => {
    const { server } = await startLimited(store, proxied);
    const answers = await times(40, (index) =>
      attempt(from(server, '203.0.113.1'), `nobody${index}@example.com`),
    );
    expect(passed(answers, 'LOGIN_NETWORK')).toBe(15);
    expect((await attempt(from(server, '203.0.113.2'), 'nobody@example.com')).code).toBeUndefined();
  });

  test('see one network in a whole IPv6 /64, and another in the next', async () => {
    const { server } = await startLimited(store, proxied);
    const addresses = ['2001:db8:1:2::1', '2001:DB8:1:2:ffff:ffff:ffff:ffff', '2001:db8:1:2::'];
    const answers = await times(24, (index) =>
      attempt(from(server, addresses[index % 3] ?? ''), 'nobody@example.com'),
    );
    expect(passed(answers, 'LOGIN', 'LOGIN_NETWORK')).toBe(5);
    const next = await attempt(from(server, '2001:db8:1:3::1'), 'nobody@example.com');
    expect(next.code).toBeUndefined();
  });

  test('see an IPv4-mapped IPv6 address as the IPv4 address, however it is written', async () => {
    const { server } = await startLimited(store, proxied);
    const addresses = ['203.0.113.7', '::ffff:203.0.113.7', '::FFFF:cb00:7107'];
    const answers = await times(9, (index) =>
      attempt(from(server, addresses[index % 3] ?? ''), 'nobody@example.com'),
    );
    expect(passed(answers, 'LOGIN')).toBe(5);
    const other = await attempt(from(server, '::ffff:203.0.113.8'), 'nobody@example.com');
    expect(other.code).toBeUndefined();
  });
});
