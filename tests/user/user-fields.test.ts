import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Client } from '../support/client.ts';
import {
  loginMutation,
  newEmail,
  password,
  registerStaff,
  type Person,
} from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

let server: TestServer;
let owner: Person;
let admin: Person;
let user: Person;

beforeAll(async () => {
  server = await startTestServer();
  ({ owner, admin, user } = await registerStaff(server));
  await server.database.query(`UPDATE users SET last_sign_in_at = '2026-01-02T03:04:05Z'`);
});
afterAll(() => server.stop());

const missingId = '019b0000-0000-7000-8000-00000000dead';

const privateFields = 'email isActive confirmedAt lastSignInAt registration { ipAddress }';

async function askFor(client: Client, id: string) {
  return client.graphql<{ user: Record<string, unknown> | null }>(
    `query ($id: ID!) { user(id: $id) { id username ${privateFields} } }`,
    { id },
  );
}

describe('user(id)', () => {
  test('shows oneself, private fields included', async () => {
    const { data, errors } = await askFor(user.client, user.id);
    expect(errors).toEqual([]);
    expect(data.user).toEqual({
      id: user.id,
      username: user.username,
      email: user.email,
      isActive: true,
      confirmedAt: expect.any(String) as string,
      lastSignInAt: '2026-01-02T03:04:05.000Z',
      registration: { ipAddress: '127.0.0.1' },
    });
  });

  test.each(['admin', 'owner'] as const)('shows anyone to the %s', async (caller) => {
    const client = { admin, owner }[caller].client;
    for (const target of [user, admin, owner]) {
      const { data } = await askFor(client, target.id.toUpperCase());
      expect(data.user).toMatchObject({ id: target.id, email: target.email, isActive: true });
    }
  });

  test('is refused to a user for anyone else, there or not', async () => {
    for (const id of [admin.id, owner.id, missingId, 'malformed', '']) {
      const { code, data } = await askFor(user.client, id);
      expect({ code, user: data.user ?? null }).toEqual({ code: 'FORBIDDEN', user: null });
    }
  });

  test('is refused to who has not signed in', async () => {
    for (const id of [user.id, missingId]) {
      expect((await askFor(server.client, id)).code).toBe('UNAUTHENTICATED');
    }
  });

  test.each([missingId, 'malformed', '', '1', `' OR true --`, '\0'])(
    'is null for an administrator when there is no user %j',
    async (id) => {
      const { data, errors } = await askFor(admin.client, id);
      expect({ errors, data }).toEqual({ errors: [], data: { user: null } });
    },
  );
});

describe('me', () => {
  test('shows the private fields of whoever asks', async () => {
    for (const person of [owner, admin, user]) {
      const { data } = await person.client.graphql<{ me: Record<string, unknown> }>(
        `{ me { id ${privateFields} } }`,
      );
      expect(data.me).toMatchObject({
        id: person.id,
        email: person.email,
        isActive: true,
        lastSignInAt: '2026-01-02T03:04:05.000Z',
        registration: { ipAddress: '127.0.0.1' },
      });
    }
  });

  test('is null when signed out', async () => {
    expect((await server.client.graphql('{ me { id } }')).data).toEqual({ me: null });
  });
});

describe('who is not signed in yet', () => {
  test('sees the own private fields in the answer to login', async () => {
    const { data } = await server.client.graphql<{ login: { user: unknown } }>(
      loginMutation.replace('user { id email }', `user { id ${privateFields} }`),
      { input: { email: admin.email, password } },
    );
    expect(data.login.user).toMatchObject({ id: admin.id, email: admin.email, isActive: true });
  });

  test('sees the own private fields in the answer to register, without signing in', async () => {
    const email = newEmail();
    const { data } = await server.client.graphql<{ register: { user: unknown; token: null } }>(
      `mutation ($input: RegisterInput!) {
        register(input: $input) { user { ${privateFields} } token errors { code } }
      }`,
      { input: { email, password } },
    );
    expect(data.register).toMatchObject({
      user: {
        email,
        isActive: true,
        confirmedAt: null,
        lastSignInAt: null,
        registration: { ipAddress: '127.0.0.1' },
      },
      token: null,
    });
  });
});

describe('displayName', () => {
  test.each([
    { input: { firstName: 'Ada', lastName: 'King' }, expected: 'Ada King' },
    { input: { firstName: 'Ada' }, expected: 'Ada' },
    { input: { lastName: 'King' }, expected: 'King' },
    { input: { username: 'countess_ada' }, expected: 'countess_ada' },
  ])('of $input is $expected', async ({ input, expected }) => {
    const { data } = await server.client.graphql<{ register: { user: { displayName: string } } }>(
      'mutation ($input: RegisterInput!) { register(input: $input) { user { displayName } } }',
      { input: { email: newEmail(), password, ...input } },
    );
    expect(data.register.user.displayName).toBe(expected);
  });

  test('without names and username is the part of the address before the @, never all of it', async () => {
    await server.database.query('UPDATE users SET username = NULL WHERE id = $1', [user.id]);
    const { data } = await user.client.graphql<{ me: { displayName: string } }>(
      '{ me { displayName } }',
    );
    expect(data.me.displayName).toBe(user.email.split('@')[0]);
  });
});
