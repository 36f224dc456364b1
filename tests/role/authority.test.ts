import pg from 'pg';
import {
  afterAll,
  beforeAll,
  beforeEach,
  describe,
  expect,
  onTestFinished,
  test,
  vi,
} from 'vitest';
import type { Client } from '../support/client.ts';
import { registerStaff, registerPerson, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import {
  addRole,
  assignRole,
  demoteToUser,
  ending,
  promoteToAdmin,
  removeRole,
  setRoles,
  transferOwnership,
} from './role-operations.ts';

let server: TestServer;
let caller: Person;
let otherOwner: Person;
let admin: Person;
let user: Person;

beforeAll(async () => {
  server = await startTestServer();
  ({ owner: caller, admin, user } = await registerStaff(server));
  otherOwner = await registerPerson(server);
  await addRole(server.database, 'Editor');
});
beforeEach(() =>
  setRoles(server.database, {
    [caller.id]: ['Owner'],
    [otherOwner.id]: ['Owner'],
    [admin.id]: ['Admin'],
    [user.id]: ['User'],
  }),
);
afterAll(() => server.stop());

/** A transaction of somebody else, in which roles can be changed before anyone else sees it. */
async function beginElsewhere(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: server.database.url });
  await client.connect();
  onTestFinished(() => client.end());
  await client.query('BEGIN');
  return client;
}

async function someoneWaitsForALock(): Promise<void> {
  await vi.waitFor(
    async () => {
      const waiting = await server.database.query(
        `SELECT FROM pg_stat_activity
         WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      expect(waiting).toHaveLength(1);
    },
    { timeout: 10_000, interval: 10 },
  );
}

const operations: readonly {
  name: string;
  run: (client: Client) => ReturnType<typeof assignRole>;
}[] = [
  { name: 'promoteToAdmin', run: (client) => promoteToAdmin(client, user.id) },
  { name: 'demoteToUser', run: (client) => demoteToUser(client, admin.id) },
  { name: 'assignRole of Admin', run: (client) => assignRole(client, user.id, 'Admin') },
  { name: 'removeRole of Admin', run: (client) => removeRole(client, admin.id, 'Admin') },
  { name: 'removeRole of Owner', run: (client) => removeRole(client, otherOwner.id, 'Owner') },
  { name: 'transferOwnership', run: (client) => transferOwnership(client, user.id) },
];

describe('an Owner who is demoted while a request of theirs is open', () => {
  test.each(operations)('has no effect with $name', async ({ run }) => {
    const elsewhere = await beginElsewhere();
    // What the service does first when it demotes somebody; the request below has to wait for it.
    await elsewhere.query(`SELECT FROM roles WHERE name = 'Owner' FOR NO KEY UPDATE`);
    const answering = run(caller.client);
    await someoneWaitsForALock();
    await elsewhere.query('DELETE FROM role_assignments WHERE user_id = $1', [caller.id]);
    await elsewhere.query('COMMIT');
    expect(ending(await answering)).toBe('INSUFFICIENT_PERMISSIONS');
  });
});

test('of an Owner demoted in the middle of many requests none takes effect afterwards', async () => {
  const before = Array.from({ length: 20 }, () => promoteToAdmin(caller.client, user.id));
  const demotion = demoteToUser(otherOwner.client, caller.id);
  const endings = (await Promise.all(before)).map(ending);
  expect(ending(await demotion)).toBe('ok');
  for (const one of endings) expect(one).toMatch(/^(ok|FORBIDDEN|INSUFFICIENT_PERMISSIONS)$/);
  expect(ending(await promoteToAdmin(caller.client, user.id))).toBe('FORBIDDEN');
});
