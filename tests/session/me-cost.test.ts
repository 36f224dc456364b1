import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { registerPerson } from '../support/people.ts';
import { startTestServer } from '../support/server.ts';
import { statementsOf } from '../support/statements.ts';
import { whoIs } from './sessions.ts';

test('asking who I am costs one statement, roles included, and the session one more', async () => {
  const server = await startTestServer({ RUN_JOBS: 'false' });
  const person = await registerPerson(server);
  const everything = `me { id email username displayName isActive confirmedAt lastSignInAt roleNames
    hasRole(name: "Owner") registration { ipAddress } createdAt updatedAt }`;
  const session = 'currentSession { id isCurrent browser os ipAddress lastSeenAt expiresAt }';
  for (const [document, cost] of [
    ['{ me { id } }', 1],
    [`{ ${everything} }`, 1],
    [`{ ${everything} ${session} }`, 2],
  ] as const) {
    const statements = await statementsOf(async () => {
      expect((await person.client.graphql(document)).errors).toEqual([]);
    });
    expect(statements).toHaveLength(cost);
  }
  await server.stop();
});

test('requests that arrive together share a statement, and each is answered as its caller', async () => {
  const server = await startTestServer({ RUN_JOBS: 'false' });
  const [one, other] = [await registerPerson(server), await registerPerson(server)];
  const callers = [
    { token: one.token, id: one.id },
    { token: other.token, id: other.id },
    { token: `gh_s_${'x'.repeat(64)}`, id: undefined },
    { token: one.token, id: one.id },
  ];
  let answers: (string | undefined)[] = [];
  const statements = await statementsOf(async () => {
    answers = await whoTheyAre(
      server.url,
      callers.map(({ token }) => token),
    );
  });
  expect(answers).toEqual(callers.map(({ id }) => id));
  expect(statements).toHaveLength(1);
  await server.stop();
});

/** Asks with every token in one packet, as HTTP allows on one connection. */
async function whoTheyAre(url: string, tokens: readonly string[]): Promise<(string | undefined)[]> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  const requests = tokens.map((token, index) =>
    [
      `GET /graphql?query=${encodeURIComponent('{ me { id } }')} HTTP/1.1`,
      `host: ${hostname}:${port}`,
      `authorization: Bearer ${token}`,
      'user-agent: node', // as when they signed in, or the fingerprint would be looked into
      'apollo-require-preflight: yes',
      `connection: ${index === tokens.length - 1 ? 'close' : 'keep-alive'}`,
      '\r\n',
    ].join('\r\n'),
  );
  socket.write(requests.join(''));
  const received = await text(socket);
  return [...received.matchAll(/"me":(?:null|\{"id":"([^"]+)"\})/g)].map(([, id]) => id);
}

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
