import { afterAll, beforeAll, expect, test } from 'vitest';
import { createToken } from '../access-token/access-tokens.ts';
import { newestMail } from '../support/mailbox.ts';
import { registerPerson } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { kinds, withToken } from './kinds.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({
    CONFIRM_TTL: '2d',
    RESET_PASSWORD_TTL: '15m',
    EMAIL_CHANGE_TTL: '3h',
    ACCESS_TOKEN_TTL: '90s',
  });
  await registerPerson(server);
});
afterAll(() => server.stop());

test.each([
  ['confirm', 2 * 86_400, '2 days'],
  ['reset_password', 900, '15 minutes'],
  ['change_email', 3 * 3600, '3 hours'],
])('a token to %s lives as long as is set, and the mail says so', async (name, seconds, words) => {
  const kind = kinds.find(({ context }) => context === name);
  if (kind === undefined) throw new Error(`There is no kind ${name}.`);
  const { person } = await withToken(server, kind);
  const [row] = await server.database.query<{ seconds: number; sent_to: string }>(
    `SELECT extract(epoch FROM expires_at - created_at)::int AS seconds, sent_to
     FROM one_time_tokens WHERE user_id = $1 AND context = $2`,
    [person.id, name],
  );
  expect(row?.seconds).toBe(seconds);
  expect((await newestMail(server, row?.sent_to ?? '')).text).toContain(words);
});

test('an access token lives as long as is set', async () => {
  const { client } = await registerPerson(server);
  const { data } = await createToken(client);
  const { accessToken, expiresAt } = data.createAccessToken ?? {};
  const seconds = (Date.parse(expiresAt ?? '') - Date.now()) / 1000;
  expect(seconds).toBeGreaterThan(60);
  expect(seconds).toBeLessThanOrEqual(90);
  const { errors } = await server.client.withToken(accessToken ?? '').graphql('{ roles { id } }');
  expect(errors).toEqual([]);
});
