import { expect, test } from 'vitest';
import { registerPerson } from '../support/people.ts';
import { startTestServer } from '../support/server.ts';
import { statementsOf } from '../support/statements.ts';
import { whoIs } from './sessions.ts';

test('asking who I am costs one statement, roles and session included', async () => {
  const server = await startTestServer({ RUN_JOBS: 'false' });
  const person = await registerPerson(server);
  const everything = `{
    me { id email username displayName isActive confirmedAt lastSignInAt roleNames
      hasRole(name: "Owner") registration { ipAddress } createdAt updatedAt }
    currentSession { id isCurrent browser os ipAddress lastSeenAt expiresAt }
  }`;
  for (const document of ['{ me { id } }', everything]) {
    const statements = await statementsOf(async () => {
      expect((await person.client.graphql(document)).errors).toEqual([]);
    });
    expect(statements).toHaveLength(1);
  }
  await server.stop();
});

test('asking who I am signed out costs none', async () => {
  const server = await startTestServer({ RUN_JOBS: 'false' });
  expect(await statementsOf(() => whoIs(server.client))).toEqual([]);
  const unknown = server.client.withToken('not even a token');
  expect(await statementsOf(() => whoIs(unknown))).toEqual([]);
  await server.stop();
});

test('with limits on it costs one statement from the second request on', async () => {
  const server = await startTestServer({ RATE_LIMITS: 'on', RUN_JOBS: 'false' });
  const person = await registerPerson(server);
  await whoIs(person.client);
  for (let request = 0; request < 5; request += 1) {
    expect(await statementsOf(() => whoIs(person.client))).toHaveLength(1);
  }
  await server.stop();
});
