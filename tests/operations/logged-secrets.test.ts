import { mkdtemp, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { inspectLogs } from '../support/logged-secrets.ts';
import { newestMail } from '../support/mailbox.ts';
import { loginMutation, password, registerUnconfirmed } from '../support/people.ts';
import { isTelling, secretSearch } from '../support/secret-search.ts';
import { startTestServer } from '../support/server.ts';

// The search itself runs at the end of every run, over all that was logged in it: see the global
// set-up. Here is shown that it finds what is there, and that it is told what to look for.

async function inspectionOf(log: string, ...secrets: readonly string[]) {
  const folder = await mkdtemp(join(inject('temporaryFolder'), 'planted-'));
  await writeFile(join(folder, 'server.log'), log);
  const lines = secrets.map((value) => `${JSON.stringify({ kind: 'password', value })}\n`);
  await writeFile(join(folder, 'test.secrets'), lines.join(''));
  return inspectLogs(folder);
}

test('a planted secret is found and told by file, line and kind, without being told', async () => {
  const lines = ['{"msg":"all is well"}', '{"email":"a planted secret","msg":"somebody came"}', ''];
  const { leaks } = await inspectionOf(lines.join('\n'), 'another secret', 'a planted secret');
  expect(leaks).toEqual(['server.log, line 2: a password (somebody came)']);
});

test('a secret is found inside of words, escaped in JSON, and in an address', () => {
  const value = 'tell "nobody" this/ü';
  const search = secretSearch([{ kind: 'password', value }]);
  for (const form of [`x${value}y`, JSON.stringify({ value }), encodeURIComponent(value)]) {
    expect(search(`before ${form} after`), form).toHaveLength(1);
  }
  expect(search('tell "nobody" that')).toEqual([]);
});

test('many secrets with the same beginning are told apart', () => {
  const secrets = Array.from({ length: 2_000 }, (_, number) => ({
    kind: 'token',
    value: `gh_s_same${number}end`,
  }));
  const found = secretSearch(secrets)('x gh_s_same1234end y gh_s_same77 z gh_s_same1999end');
  expect(found.map(({ value }) => value).sort()).toEqual(['gh_s_same1234end', 'gh_s_same1999end']);
});

test('what is short, a plain word or an address of somebody is not looked for', () => {
  for (const value of [
    '',
    'short',
    'password',
    'Gatehouse',
    'RATE_LIMITED',
    '********',
    'person12',
    'Person12@example.com',
  ])
    expect(isTelling(value), value).toBe(false);
  for (const value of [password, 'password1', 'Tr0ub4dor&3']) expect(isTelling(value)).toBe(true);
});

test('what tests type, are given and are mailed is on the list, and what servers log is kept', async () => {
  const server = await startTestServer({ APP_SECRET: 'a secret of this very test, 32 long' });
  await registerUnconfirmed(server); // the Owner, who has nothing to confirm
  const { email, token } = await registerUnconfirmed(server);
  const mail = await newestMail(server, email);
  const input = { email, password: 'a wrong password 4711' };
  await server.client.graphql(loginMutation, { input });
  await server.stop();
  const folder = join(inject('temporaryFolder'), 'logged');
  const all = async (ending: string) => {
    const names = (await readdir(folder)).filter((name) => name.endsWith(ending));
    return (await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))).join('');
  };
  const listed = await all('.secrets');
  const databasePassword = new URL(server.database.url).password;
  const secrets = [password, input.password, token, mail.token ?? '', 'a secret of this very test'];
  for (const secret of [...secrets, databasePassword]) expect(listed).toContain(secret);
  const logged = await all('.log');
  for (const line of server.logged) expect(logged).toContain(line);
});
