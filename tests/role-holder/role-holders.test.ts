import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeKey } from '../api-key/keys.ts';
import { seedUsers } from '../directory/user-queries.ts';
import { registerStaff, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { statementsOf } from '../support/statements.ts';

let server: TestServer;
let owner: Person;
let admin: Person;
let user: Person;

beforeAll(async () => {
  server = await startTestServer({ RUN_JOBS: 'false' });
  ({ owner, admin, user } = await registerStaff(server));
  await server.database.query(
    `INSERT INTO roles (id, name, created_at, updated_at)
     VALUES (gen_random_uuid(), 'Editor', now(), now()), (gen_random_uuid(), 'Empty', now(), now())`,
  );
  await seedUsers(server.database, [
    ...Array.from({ length: 12 }, (_, index) => ({
      name: `editor${String(index).padStart(2, '0')}`,
      role: 'Editor',
      createdAt: `2020-01-${String(index + 10)}Z`,
      isActive: index > 2,
      confirmed: index % 2 === 0,
    })),
  ]);
});
afterAll(() => server.stop());

interface Page {
  readonly nodes: readonly { readonly email: string }[];
  readonly page: number;
  readonly pageSize: number;
  readonly totalCount: number;
  readonly totalPages: number;
}

const fields = '{ nodes { id email } page pageSize totalCount totalPages }';
const names = ({ nodes }: Page) => nodes.map(({ email }) => email.split('@')[0]);
const newestFirst = Array.from(
  { length: 12 },
  (_, index) => `editor${String(11 - index).padStart(2, '0')}`,
);

describe('usersWithRole', () => {
  const ask = (given: Record<string, unknown>) =>
    owner.client.graphql<{ usersWithRole: Page }>(
      `query ($role: String!, $page: Int, $pageSize: Int) {
        usersWithRole(role: $role, page: $page, pageSize: $pageSize) ${fields}
      }`,
      given,
    );

  test('has the holders of a role in any case, newest first, inactive ones too', async () => {
    const { data, errors } = await ask({ role: ' eDITOR ', pageSize: 5, page: 2 });
    expect(errors).toEqual([]);
    expect(names(data.usersWithRole)).toEqual(newestFirst.slice(5, 10));
    expect(data.usersWithRole).toMatchObject({
      page: 2,
      pageSize: 5,
      totalCount: 12,
      totalPages: 3,
    });
  });

  test.each(['Nothing', '', ' ', 'Ed%', 'Ed\0itor', 'Empty', 'x'.repeat(10_000)])(
    'is an empty page for a role that nobody holds: %j',
    async (role) => {
      const { data, errors } = await ask({ role });
      expect(errors).toEqual([]);
      expect(data.usersWithRole).toEqual({
        nodes: [],
        page: 1,
        pageSize: 10,
        totalCount: 0,
        totalPages: 1,
      });
    },
  );

  test.each([
    { argument: 'page', value: 0 },
    { argument: 'pageSize', value: 101 },
  ])('refuses $argument $value as bad input', async ({ argument, value }) => {
    const { errors } = await ask({ role: 'Editor', [argument]: value });
    expect(errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument });
  });
});

interface Listed {
  readonly name: string;
  readonly userCount: number | null;
  readonly users: Page;
}

describe('a role', () => {
  test('tells its holders, page by page, newest first', async () => {
    const { data, errors } = await admin.client.graphql<{ roles: readonly Listed[] }>(
      `{ roles { name users(page: 3, pageSize: 5) ${fields} } }`,
    );
    expect(errors).toEqual([]);
    const users = data.roles.find(({ name }) => name === 'Editor')?.users;
    expect(users && names(users)).toEqual(newestFirst.slice(10));
    expect(users).toMatchObject({ page: 3, pageSize: 5, totalCount: 12, totalPages: 3 });
  });

  test('refuses a page that cannot be', async () => {
    const { code } = await admin.client.graphql('{ roles { users(pageSize: 0) { page } } }');
    expect(code).toBe('BAD_USER_INPUT');
  });

  test('tells how many hold it, all roles in one statement', async () => {
    const statements = await statementsOf(async () => {
      const { data, errors } = await admin.client.graphql<{ roles: readonly Listed[] }>(
        '{ roles { name userCount again: userCount } }',
      );
      expect(errors).toEqual([]);
      const counts = data.roles.map(({ name, userCount }) => [name, userCount]);
      expect(Object.fromEntries(counts)).toEqual({
        Owner: 1,
        Admin: 1,
        User: 2, // an Admin keeps the role User
        Editor: 12,
        Empty: 0,
      });
    });
    expect(statements).toHaveLength(3); // the caller, the roles, the counts
  });

  test('tells neither to an ordinary user, or a key without USERS_READ', async () => {
    const client = user.client;
    const count = await client.graphql<{ roles: unknown }>('{ roles { name userCount } }');
    expect(count.code).toBe('FORBIDDEN');
    expect(count.data.roles).toContainEqual({ name: 'Editor', userCount: null });
    const users = await client.graphql<{ roles?: unknown }>('{ roles { users { page } } }');
    expect(users.code).toBe('FORBIDDEN');
    expect(users.data.roles ?? null).toBeNull();
  });

  test('tells both to a key with USERS_READ', async () => {
    const { client } = await makeKey(server, 'USERS_READ');
    const { errors } = await client.graphql('{ roles { userCount users { page } } }');
    expect(errors).toEqual([]);
  });
});

describe('roleStats', () => {
  const query = `{ roleStats {
    totalUsers ownerCount adminCount userCount
    activeCount inactiveCount confirmedCount pendingCount
    byRole { role { name description isSystem } count }
  } }`;

  test('counts users of every kind and role, in one statement', async () => {
    const statements = await statementsOf(async () => {
      const { data, errors } = await owner.client.graphql<{ roleStats: { byRole: unknown[] } }>(
        query,
      );
      expect(errors).toEqual([]);
      expect(data.roleStats).toMatchObject({
        totalUsers: 15,
        ownerCount: 1,
        adminCount: 1,
        userCount: 2,
        activeCount: 12,
        inactiveCount: 3,
        confirmedCount: 9,
        pendingCount: 6,
      });
      expect(data.roleStats.byRole).toMatchObject([
        { role: { name: 'Admin', isSystem: true }, count: 1 },
        { role: { name: 'Owner', isSystem: true }, count: 1 },
        { role: { name: 'User', isSystem: true }, count: 2 },
        { role: { name: 'Editor', description: null, isSystem: false }, count: 12 },
        { role: { name: 'Empty', isSystem: false }, count: 0 },
      ]);
    });
    expect(statements).toHaveLength(2); // with the caller's
  });
});
