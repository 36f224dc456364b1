import { expect, test, vi } from 'vitest';
import { poll } from '../support/mailbox.ts';
import { makeDatabase, makeFile, ndjson, oldHash, runCommand, startCommand } from './commands.ts';

vi.setConfig({ testTimeout: 180_000 });

const count = 30_000;
const rows = ndjson(
  Array.from({ length: count }, (_, at) => ({
    email: `user${at}@example.com`,
    username: `user${at}`,
    passwordHash: oldHash,
    roles: at % 2 === 0 ? ['User', 'Admin'] : ['User'],
  })),
);

test.each(['SIGKILL', 'SIGTERM'] as const)(
  'after %s in the middle the same import goes on: every user once, and whole',
  async (signal) => {
    const database = await makeDatabase();
    const environment = { DATABASE_URL: database.url };
    const users = async () => {
      const [row] = await database.query<{ count: number }>('SELECT count(*)::int FROM users');
      return row?.count ?? 0;
    };
    const file = await makeFile('users.ndjson', rows);
    const first = startCommand(['import', file], environment);
    await poll(60_000, 'nobody was imported', async () => ((await users()) > 0 ? true : undefined));
    first.kill(signal);
    const { code, stderr } = await first.finished;
    expect(code).toBe(signal === 'SIGTERM' ? 130 : null);
    if (signal === 'SIGTERM') expect(stderr).toContain('The same import goes on from here.');
    const half = await users();
    expect(half).toBeGreaterThan(0);
    expect(half).toBeLessThan(count);

    const second = await runCommand(['import', file, '--json'], environment);
    expect(second.code).toBe(0);
    expect(JSON.parse(second.stdout)).toMatchObject({ imported: count - half, skipped: half });
    expect(
      await database.query(
        `SELECT count(*)::int, count(DISTINCT lower(email))::int AS addresses,
           (SELECT count(*)::int FROM role_assignments) AS roles,
           (SELECT count(DISTINCT subject_id)::int FROM audit_events) AS audited,
           (SELECT count(*)::int FROM audit_events) AS entries
         FROM users`,
      ),
    ).toEqual([{ count, addresses: count, roles: count * 1.5, audited: count, entries: count }]);
  },
);
