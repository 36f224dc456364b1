import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { naughtyStrings } from '../registration/naughty-strings.ts';
import { registerPerson } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { badToken, kinds, withToken } from './kinds.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await registerPerson(server);
});
afterAll(() => server.stop());

const rewind = (id: string, context: string, seconds: number) =>
  server.database.query(
    `UPDATE one_time_tokens SET created_at = created_at - make_interval(secs => $3),
       expires_at = expires_at - make_interval(secs => $3)
     WHERE user_id = $1 AND context = $2`,
    [id, context, seconds],
  );

describe.each(kinds)('a token to $context', (kind) => {
  const { context, seconds, redeem } = kind;

  test(`is good for ${seconds} seconds, and no longer`, async () => {
    const { person, token } = await withToken(server, kind);
    const [row] = await server.database.query<{ seconds: string }>(
      `SELECT extract(epoch FROM expires_at - created_at)::int AS seconds FROM one_time_tokens
       WHERE user_id = $1 AND context = $2`,
      [person.id, context],
    );
    expect(row?.seconds).toBe(seconds);
    await rewind(person.id, context, seconds + 1);
    expect(await redeem(server.client, token)).toEqual(badToken);
    await rewind(person.id, context, -121);
    expect(await redeem(server.client, token)).toEqual([]);
  });

  test('works once', async () => {
    const { token } = await withToken(server, kind);
    expect(await redeem(server.client, token)).toEqual([]);
    expect(await redeem(server.client, token)).toEqual(badToken);
  });

  test('gives way to a newer one', async () => {
    const { person, token } = await withToken(server, kind);
    if (context === 'confirm') {
      await server.client.graphql(
        'mutation ($email: String!) { requestEmailConfirmation(email: $email) { errors { code } } }',
        { email: person.email },
      );
    }
    const newer = await kind.mailed(server, person);
    expect(newer).not.toBe(token);
    expect(await redeem(server.client, token)).toEqual(badToken);
    expect(await redeem(server.client, newer)).toEqual([]);
  });

  test('is good for nothing else, and trying that does not use it up', async () => {
    const { token } = await withToken(server, kind);
    for (const other of kinds.filter((one) => one !== kind)) {
      expect(await other.redeem(server.client, token)).toEqual(badToken);
    }
    expect(await redeem(server.client, token)).toEqual([]);
  });

  test('dies when the user’s address changes, but not when only its spelling does', async () => {
    const { person, token } = await withToken(server, kind);
    const move = (email: string) =>
      server.database.query('UPDATE users SET email = $2 WHERE id = $1', [person.id, email]);
    await move(`moved-${person.email}`);
    expect(await redeem(server.client, token)).toEqual(badToken);
    await move(person.email.toUpperCase());
    expect(await redeem(server.client, token)).toEqual([]);
  });

  test('is refused while the user is inactive', async () => {
    const { person, token } = await withToken(server, kind);
    await server.database.query('UPDATE users SET is_active = false WHERE id = $1', [person.id]);
    expect(await redeem(server.client, token)).toEqual(badToken);
  });

  test('is gone with its user', async () => {
    const { person, token } = await withToken(server, kind);
    await server.database.query('DELETE FROM users WHERE id = $1', [person.id]);
    expect(await redeem(server.client, token)).toEqual(badToken);
  });

  test('may have been copied with white space around it, and nothing else', async () => {
    const { token } = await withToken(server, kind);
    const wrong = [
      token.toLowerCase(),
      token.slice(0, -1),
      `${token}=`,
      `${token}\0`,
      `${token.slice(0, 32)} ${token.slice(32)}`,
      `?token=${token}`,
    ];
    for (const text of wrong)
      expect([text, await redeem(server.client, text)]).toEqual([text, badToken]);
    expect(await redeem(server.client, ` ${token}\n`)).toEqual([]);
  });

  test('cannot be any text that comes to mind', async () => {
    const texts = ['', ' ', 'null', '0', "' OR '1'='1", 'A'.repeat(64), ...naughtyStrings];
    const answers = await Promise.all(texts.map((text) => redeem(server.client, text)));
    for (const answer of answers) expect(answer).toEqual(badToken);
  });

  test('is not redeemed by a GET: not of the link in the mail, not of the API', async () => {
    const { person, token } = await withToken(server, kind);
    const operation = {
      confirm: `confirmEmail(token: "${token}")`,
      reset_password: `resetPassword(token: "${token}", password: "a new long password")`,
      change_email: `confirmEmailChange(token: "${token}")`,
    }[context];
    const query = encodeURIComponent(`mutation { ${operation} { errors { code } } }`);
    // Scanners of mail follow links, and browsers prefetch them.
    const paths = ['confirm', 'reset-password', 'confirm-email'].map(
      (path) => `${path}?token=${token}`,
    );
    for (const path of [...paths, `graphql?query=${query}`]) {
      const headers = { 'apollo-require-preflight': 'true', accept: '*/*' };
      await (await fetch(`${server.url}/${path}`, { headers })).text();
      await fetch(`${server.url}/${path}`, { method: 'HEAD' });
    }
    const rows = await server.database.query(
      'SELECT FROM one_time_tokens WHERE user_id = $1 AND context = $2',
      [person.id, context],
    );
    expect(rows).toHaveLength(1);
    expect(await redeem(server.client, token)).toEqual([]);
  });
});

test('no two tokens are alike, nor do they resemble what they are for', async () => {
  const tokens = new Set<string>();
  for (let round = 0; round < 5; round += 1) {
    for (const kind of kinds) tokens.add((await withToken(server, kind)).token);
  }
  expect(tokens.size).toBe(15);
  // 48 random bytes, in the alphabet that links take as it is.
  for (const token of tokens) expect(token).toMatch(/^[A-Za-z0-9_-]{64}$/);
});
