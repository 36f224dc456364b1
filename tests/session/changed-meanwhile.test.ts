import bcryptjs from 'bcryptjs';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { registerPerson, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { loginCodes } from './sessions.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

/** Signs in while a change of the account waits to be committed, and commits it in that moment. */
async function loginDuring(person: Person, change: string, value: unknown): Promise<string[]> {
  const other = new pg.Client({ connectionString: server.database.url });
  await other.connect();
  try {
    await other.query('BEGIN');
    await other.query(`UPDATE users SET ${change} = $2 WHERE id = $1`, [person.id, value]);
    const codes = loginCodes(server.client, person.email);
    await untilSomeoneWaitsForALock();
    await other.query('COMMIT');
    return await codes;
  } finally {
    await other.end();
  }
}

/** By then the password was verified, and the sign-in is about to be written down. */
async function untilSomeoneWaitsForALock(): Promise<void> {
  for (let attempt = 0; attempt < 1000; attempt += 1) {
    const waiting = await server.database.query(
      "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
    );
    if (waiting.length > 0) return;
    await pause(10);
  }
  throw new Error('Nobody came to wait for the lock.');
}

async function traces(person: Person) {
  const [row] = await server.database.query(
    `SELECT (SELECT count(*)::int FROM sessions WHERE user_id = $1) AS sessions,
       (SELECT array_agg(metadata->>'reason') FROM audit_events
        WHERE subject_id = $1 AND action = 'session.refused') AS refused`,
    [person.id],
  );
  return row;
}

test('an account deactivated while its password is verified lets nobody in', async () => {
  const person = await registerPerson(server);
  expect(await loginDuring(person, 'is_active', false)).toEqual(['ACCOUNT_INACTIVE']);
  expect(await traces(person)).toEqual({ sessions: 1, refused: ['ACCOUNT_INACTIVE'] });
});

test('a password changed while the old one is verified makes the old one wrong', async () => {
  const person = await registerPerson(server);
  const hash = bcryptjs.hashSync('an entirely new one', 4);
  expect(await loginDuring(person, 'password_hash', hash)).toEqual(['INVALID_CREDENTIALS']);
  expect(await traces(person)).toEqual({ sessions: 1, refused: ['INVALID_CREDENTIALS'] });
});
