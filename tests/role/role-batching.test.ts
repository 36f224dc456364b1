import { afterAll, beforeAll, expect, test } from 'vitest';
import { registerStaff, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { statementsOf } from '../support/statements.ts';

let server: TestServer;
let admin: Person;

beforeAll(async () => {
  server = await startTestServer({ RUN_JOBS: 'false' });
  ({ admin } = await registerStaff(server));
  await server.database.query(
    `WITH made AS (
       INSERT INTO users (id, email, password_hash, created_at, updated_at)
       SELECT gen_random_uuid(), 'many' || n || '@example.com', '', now(), now()
       FROM generate_series(1, 120) n RETURNING id)
     INSERT INTO role_assignments (user_id, role_id, assigned_at)
     SELECT made.id, roles.id, now() FROM made CROSS JOIN roles WHERE roles.name <> 'Owner'`,
  );
});
afterAll(() => server.stop());

interface Users {
  readonly users: {
    readonly nodes: readonly { roles: { name: string }[]; roleNames: string[]; isAdmin: boolean }[];
  };
}

async function listing(
  pageSize: number,
): Promise<{ nodes: Users['users']['nodes']; statements: string[] }> {
  let nodes: Users['users']['nodes'] = [];
  const statements = await statementsOf(async () => {
    const { data, errors } = await admin.client.graphql<Users>(
      `query ($pageSize: Int!) {
        users(pageSize: $pageSize) {
          nodes { id email roles { name } roleNames isAdmin: hasRole(name: "Admin") }
        }
      }`,
      { pageSize },
    );
    expect(errors).toEqual([]);
    nodes = data.users.nodes;
  });
  return { nodes, statements };
}

test('a page of 100 users with their roles costs as many statements as one of 10: at most 4', async () => {
  const ten = await listing(10);
  const hundred = await listing(100);
  expect(ten.nodes).toHaveLength(10);
  expect(hundred.nodes).toHaveLength(100);
  expect(hundred.statements).toHaveLength(ten.statements.length);
  expect(hundred.statements.length).toBeLessThanOrEqual(4);
  for (const node of hundred.nodes) {
    expect(node).toMatchObject({
      roles: [{ name: 'Admin' }, { name: 'User' }],
      roleNames: ['Admin', 'User'],
      isAdmin: true,
    });
  }
});

test('what the session tells of its user, roles included, costs no statement more', async () => {
  const statements = await statementsOf(async () => {
    const { errors } = await admin.client.graphql(
      `{ me { email roleNames admin: hasRole(name: "Admin") user: hasRole(name: "User") } }`,
    );
    expect(errors).toEqual([]);
  });
  expect(statements).toHaveLength(1);
});
