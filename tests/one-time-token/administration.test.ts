import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { refusals, revokeToken } from '../administration/accounts.ts';
import { makeKey } from '../api-key/keys.ts';
import { auditOf } from '../audit/audit.ts';
import { arrangeToken, findReset, mailedToken } from '../recovery/resets.ts';
import { ending, missingId, refuseAudit } from '../role/role-operations.ts';
import type { Client } from '../support/client.ts';
import { registerPerson, registerStaff, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

let server: TestServer;
let staff: { owner: Person; admin: Person; user: Person };
let person: Person;

beforeAll(async () => {
  server = await startTestServer();
  staff = await registerStaff(server);
});
beforeEach(async () => {
  person = await registerPerson(server);
  await server.database.query('DELETE FROM one_time_tokens');
});
afterAll(() => server.stop());

interface Listed {
  readonly id: string;
  readonly context: string;
  readonly sentTo: string;
  readonly createdAt: string;
  readonly expiresAt: string;
}

const ask = (client: Client, userId: string) =>
  client.graphql<{ userTokens: readonly Listed[] }>(
    'query ($userId: ID!) { userTokens(userId: $userId) { id context sentTo createdAt expiresAt } }',
    { userId },
  );

async function tokensOf(userId: string): Promise<readonly Listed[]> {
  const { data, errors } = await ask(staff.admin.client, userId);
  expect(errors).toEqual([]);
  return data.userTokens;
}

async function onlyTokenOf(userId: string): Promise<string> {
  const [token] = await tokensOf(userId);
  if (token === undefined) throw new Error('There is no token.');
  return token.id;
}

describe('userTokens', () => {
  test('are the mailed tokens that are still good, newest first', async () => {
    await arrangeToken(server, person, 'confirm');
    await arrangeToken(server, person, 'change_email');
    await mailedToken(server, person.email);
    await server.database.query(
      `UPDATE one_time_tokens SET expires_at = now() - interval '1 second'
       WHERE user_id = $1 AND context = 'confirm'`,
      [person.id],
    );
    const tokens = await tokensOf(person.id);
    expect(tokens.map(({ context, sentTo }) => [context, sentTo])).toEqual([
      ['RESET_PASSWORD', person.email],
      ['CHANGE_EMAIL', person.email],
    ]);
    const [reset] = tokens;
    const life = Date.parse(reset?.expiresAt ?? '') - Date.parse(reset?.createdAt ?? '');
    expect(life).toBe(3_600_000);
  });

  test.each([missingId, 'not-an-id', ''])('of %j, who is nobody, are none', async (id) => {
    expect(await tokensOf(id)).toEqual([]);
  });

  test('are for administrators', async () => {
    const key = await makeKey(server, 'USERS_READ', 'TOKENS_READ');
    expect((await ask(server.client, person.id)).code).toBe('UNAUTHENTICATED');
    for (const client of [person.client, key.client]) {
      expect((await ask(client, person.id)).code).toBe('FORBIDDEN');
    }
  });
});

describe('revokeToken', () => {
  test('makes the link in a mail worthless', async () => {
    const token = await mailedToken(server, person.email);
    expect(ending(await revokeToken(staff.admin.client, await onlyTokenOf(person.id)))).toBe('ok');
    expect(await findReset(server.client, token)).toBeNull();
    expect(await tokensOf(person.id)).toEqual([]);
  });

  test('is recorded, with what the token was good for', async () => {
    await arrangeToken(server, person, 'change_email');
    await revokeToken(staff.admin.client, await onlyTokenOf(person.id));
    expect((await auditOf(server.database, person.id)).at(-1)).toMatchObject({
      action: 'token.revoked',
      actor_id: staff.admin.id,
      metadata: { context: 'change_email' },
    });
  });

  test('of twenty at once is done and recorded once', async () => {
    await arrangeToken(server, person);
    const id = await onlyTokenOf(person.id);
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => revokeToken(staff.admin.client, id)),
    );
    const endings = answers.map(ending).sort();
    expect(endings).toEqual([...Array<string>(19).fill('NOT_FOUND'), 'ok']);
    const entries = await auditOf(server.database, person.id);
    expect(entries.filter(({ action }) => action === 'token.revoked')).toHaveLength(1);
  });

  test.each([missingId, 'not-an-id', ''])('of %j, which is none, is NOT_FOUND', async (id) => {
    expect(refusals(await revokeToken(staff.owner.client, id))).toEqual(['id NOT_FOUND']);
  });

  test('what cannot be recorded is not done', async () => {
    await arrangeToken(server, person);
    const id = await onlyTokenOf(person.id);
    await refuseAudit(server.database, 'token.revoked');
    expect(ending(await revokeToken(staff.admin.client, id))).toBe('INTERNAL_SERVER_ERROR');
    expect(await tokensOf(person.id)).toHaveLength(1);
  });
});
