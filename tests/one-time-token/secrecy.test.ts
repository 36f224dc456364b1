import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { requestEmailChange } from '../email/addresses.ts';
import { requestReset } from '../recovery/resets.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { newestMail } from '../support/mailbox.ts';
import { newEmail, registerPerson, registerUnconfirmed } from '../support/people.ts';
import { startTestServer } from '../support/server.ts';

/** Every row of every table, but for the development mailbox, which is there to be read. */
async function dump(database: TestDatabase): Promise<string> {
  const tables = await database.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
     WHERE schemaname IN ('public', 'graphile_worker') AND tablename <> 'mailbox_messages'`,
  );
  expect(tables.length).toBeGreaterThan(8);
  const texts = await Promise.all(
    tables.map(({ name }) => database.query(`SELECT t::text FROM ${name} t`)),
  );
  return JSON.stringify(texts);
}

test('a token stands readable nowhere: not in a table, waiting to be mailed or after, not in the log', async () => {
  const database = await createTestDatabase();
  const silent = await startTestServer({ RUN_JOBS: 'false' }, database);
  await registerPerson(silent);
  const person = await registerUnconfirmed(silent);
  const email = newEmail();
  await requestEmailChange(person.client, email);
  await requestReset(silent.client, person.email);
  const waiting = await dump(database);
  const sending = await startTestServer({}, database);
  const sent = await newestMail(sending, email);
  const mails = await database.query<{ text: string }>('SELECT text FROM mailbox_messages');
  const after = await dump(database);
  const logged = [...silent.logged, ...sending.logged].join('');
  await sending.stop();
  await silent.stop();
  const tokens = mails.flatMap(({ text }) => /[?&]token=([\w-]{64})/.exec(text)?.[1] ?? []);
  expect(tokens).toHaveLength(3);
  expect(tokens).toContain(sent.token);
  for (const token of tokens) {
    const forms = [
      token,
      Buffer.from(token).toString('hex'),
      Buffer.from(token).toString('base64'),
    ];
    for (const form of [...forms, Buffer.from(token, 'base64url').toString('hex')]) {
      expect(waiting).not.toContain(form);
      expect(after).not.toContain(form);
      expect(logged).not.toContain(form);
    }
    expect(after).toContain(createHash('sha256').update(token).digest('hex'));
  }
  await database.drop();
});
