import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { makeKey } from '../api-key/keys.ts';
import { registerStaff, registerUnconfirmed, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { seedUsers } from './user-queries.ts';

let server: TestServer;
let owner: Person;
let admin: Person;
let user: Person;

beforeAll(async () => {
  server = await startTestServer();
  ({ owner, admin, user } = await registerStaff(server));
});
afterAll(() => server.stop());

interface Found {
  readonly id: string;
  readonly email: string;
}

/** What one field answers the Admin. */
async function ask(field: string): Promise<Found | null> {
  const { data, errors } = await admin.client.graphql<{ found: Found | null }>(
    `{ found: ${field} { id email } }`,
  );
  expect(errors).toEqual([]);
  return data.found;
}

const missingId = '019b0000-0000-7000-8000-00000000dead';
const never = [missingId, 'malformed', '', '1', `' OR true --`, '\\u0000'];

describe('userByEmail', () => {
  test('finds by the whole address, in any case and with white space around', async () => {
    const { email } = user;
    for (const text of [email, email.toUpperCase(), `  ${email}\\n`]) {
      expect(await ask(`userByEmail(email: "${text}")`)).toEqual({ id: user.id, email });
    }
  });

  test('finds nobody by anything else', async () => {
    for (const text of ['', ' ', user.username, '@example.com', '%', 'person%', 'a\\u0000b']) {
      expect(await ask(`userByEmail(email: "${text}")`)).toBeNull();
    }
    expect(await ask(`userByEmail(email: "${'x'.repeat(10_000)}@example.com")`)).toBeNull();
  });
});

describe('userOption', () => {
  test('tells as much of a user as a choice needs', async () => {
    await server.database.query(
      `UPDATE users SET first_name = 'Ada', last_name = 'King' WHERE id = $1`,
      [user.id],
    );
    const { data } = await admin.client.graphql(
      `{ userOption(id: "${user.id.toUpperCase()}") { id email username firstName lastName } }`,
    );
    expect(data).toEqual({
      userOption: {
        id: user.id,
        email: user.email,
        username: user.username,
        firstName: 'Ada',
        lastName: 'King',
      },
    });
  });

  test.each(never)('is null when there is no user "%s"', async (id) => {
    expect(await ask(`userOption(id: "${id}")`)).toBeNull();
  });
});

describe('firstUser', () => {
  test('is the user with the lowest id, whatever has become of them', async () => {
    expect(await ask('firstUser')).toMatchObject({ id: owner.id });
    const id = '00000000-0000-7000-8000-000000000000';
    await server.database.query(
      `INSERT INTO users (id, email, password_hash, is_active, created_at, updated_at)
       VALUES ($1, 'earliest@example.com', '', false, now(), now())`,
      [id],
    );
    expect(await ask('firstUser')).toEqual({ id, email: 'earliest@example.com' });
    await server.database.query('DELETE FROM users WHERE id = $1', [id]);
  });
});

describe('firstAdmin', () => {
  test('is the first Owner, however early an Admin came', async () => {
    expect(await ask('firstAdmin')).toMatchObject({ id: owner.id });
    await seedUsers(server.database, [{ name: 'second-owner', role: 'Owner' }]);
    const id = '00000000-0000-7000-8000-000000000001';
    await server.database.query(
      `INSERT INTO users (id, email, password_hash, created_at, updated_at)
       VALUES ($1, 'early@example.com', '', now(), now())`,
      [id],
    );
    await server.database.query(
      `INSERT INTO role_assignments (user_id, role_id, assigned_at)
       SELECT $1, id, now() FROM roles WHERE name = 'Admin'`,
      [id],
    );
    expect(await ask('firstAdmin')).toMatchObject({ id: owner.id });

    await server.database.query(
      `DELETE FROM role_assignments USING roles WHERE role_id = roles.id AND name = 'Owner'`,
    );
    expect(await ask('firstAdmin')).toEqual({ id, email: 'early@example.com' });
    await server.database.query('DELETE FROM users WHERE id = $1', [id]);
    expect(await ask('firstAdmin')).toMatchObject({ id: admin.id });
  });

  test('is null where there is neither', async () => {
    const other = await startTestServer();
    onTestFinished(() => other.stop());
    const { client } = await makeKey(other, 'USERS_READ');
    const { data, errors } = await client.graphql('{ firstAdmin { id } firstUser { id } }');
    expect({ data, errors }).toEqual({ data: { firstAdmin: null, firstUser: null }, errors: [] });
  });
});

describe('whoever is no administrator', () => {
  const queries = [
    '{ userByEmail(email: "a@example.com") { id } }',
    `{ userOption(id: "${missingId}") { id } }`,
    '{ firstAdmin { id } }',
    '{ firstUser { id } }',
    '{ searchUsers(term: "an") { id } }',
    '{ usersWithRole(role: "Admin") { nodes { id } } }',
    '{ roleStats { totalUsers } }',
  ];

  test.each(queries)('may not ask %s', async (query) => {
    const codeFor = async (client: typeof server.client) => (await client.graphql(query)).code;
    expect(await codeFor(server.client)).toBe('UNAUTHENTICATED');
    expect(await codeFor(user.client)).toBe('FORBIDDEN');
    expect(await codeFor((await registerUnconfirmed(server)).client)).toBe('EMAIL_NOT_CONFIRMED');
    expect(await codeFor((await makeKey(server, 'USERS_WRITE', 'ROLES_WRITE')).client)).toBe(
      'FORBIDDEN',
    );
    expect(await codeFor(admin.client)).toBeUndefined();
    expect(await codeFor((await makeKey(server, 'USERS_READ')).client)).toBeUndefined();
  });
});
