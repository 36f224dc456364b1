import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { login } from '../session/sessions.ts';
import { newEmail, password, registerMutation } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { register, told, validate } from './registering.ts';

// What the functions of PhoenixKit's Users.Auth promise, each with the examples of its page.
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ TRUST_PROXY: '1' });
});
afterAll(() => server.stop());

describe('register_user registers a user with automatic role assignment', () => {
  test('the first user receives the Owner role, subsequent users the User role', async () => {
    expect((await register(server.client)).user?.roleNames).toEqual(['Owner']);
    expect((await register(server.client)).user?.roleNames).toEqual(['User']);
    expect((await register(server.client)).user?.roleNames).toEqual(['User']);
  });

  test('user@example.com with secure_password123 gets an account that signs in', async () => {
    const input = { email: 'user@example.com', password: 'secure_password123' };
    const { user, errors } = await register(server.client, input);
    expect(errors).toEqual([]);
    expect(user).toMatchObject({ email: 'user@example.com' });
    const signedIn = await login(server.client, input.email, { password: input.password });
    expect(signedIn.user?.id).toBe(user?.id);
  });

  test('a bad value is an error on its field, and there is no account', async () => {
    const { user, errors } = await register(server.client, { email: 'bad', password: 'qzx' });
    expect(user).toBeNull();
    expect(told(errors)).toEqual(['input.email INVALID', 'input.password TOO_SHORT']);
  });

  test('with an address it came from, 192.168.1.1, that is stored', async () => {
    const client = server.client.with({ 'x-forwarded-for': '192.168.1.1' });
    const { user } = await register(client);
    const rows = await server.database.query(
      'SELECT host(registration_ip) AS address FROM users WHERE id = $1',
      [user?.id],
    );
    expect(rows).toEqual([{ address: '192.168.1.1' }]);
  });

  test('limits apply per email address and per IP address', async () => {
    const limited = await startTestServer({ TRUST_PROXY: '1', RATE_LIMITS: 'on' });
    const from = (address: string, email: string) =>
      limited.client
        .with({ 'x-forwarded-for': address })
        .graphql(registerMutation, { input: { email, password } });
    const denials: unknown[] = [];
    for (let index = 0; index < 4; index += 1) {
      denials.push(
        (await from(`203.0.113.${index}`, 'one@example.com')).errors[0]?.extensions.limit,
      );
    }
    for (let index = 0; index < 11; index += 1) {
      denials.push((await from('198.51.100.1', newEmail())).errors[0]?.extensions.limit);
    }
    await limited.stop();
    expect(denials.filter(Boolean)).toEqual(['REGISTER_EMAIL', 'REGISTER_NETWORK']);
  });
});

describe('change_user_registration tracks what is wrong with a registration, changing nothing', () => {
  test('finds nothing wrong with a good one, and makes no account', async () => {
    const email = newEmail();
    expect(await validate(server.client, { email })).toEqual({ valid: true, errors: [] });
    expect(await server.database.query('SELECT FROM users WHERE email = $1', [email])).toEqual([]);
  });

  test('finds everything wrong with a bad one', async () => {
    const { valid, errors } = await validate(server.client, { email: '', password: 'qzx' });
    expect(valid).toBe(false);
    expect(told(errors)).toEqual(['input.email REQUIRED', 'input.password TOO_SHORT']);
  });
});
