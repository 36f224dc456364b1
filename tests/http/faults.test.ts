import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { registerPerson } from '../support/people.ts';
import { production, startTestServer, type TestServer } from '../support/server.ts';

async function start(environment: Record<string, string> = {}): Promise<TestServer> {
  const server = await startTestServer(environment);
  onTestFinished(() => server.stop());
  return server;
}

test('an unforeseen error tells nothing but an id, under which the log has all of it', async () => {
  const server = await start();
  const { client } = await registerPerson(server);
  await server.database.query('ALTER TABLE sessions DROP COLUMN user_agent_hash CASCADE');

  for (const query of ['{ me { id } }', '{ mySessions { id } }']) {
    const response = await client.graphql(query);
    expect(response).toMatchObject({ status: 500, code: 'INTERNAL_SERVER_ERROR' });
    const [error] = response.errors;
    const requestId = String(error?.extensions.requestId);
    expect(requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(JSON.stringify({ ...error, locations: [] })).not.toMatch(
      /user_agent|column|SELECT|QueryFailed|\.ts/i,
    );
    const line = server.logged.find((one) => one.includes(requestId));
    expect(line ?? '').toContain('user_agent');
  }
  expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
});

test('an unforeseen error in the middle of an operation is told in the same way', async () => {
  const server = await start();
  const { client } = await registerPerson(server);
  await server.database.query('ALTER TABLE roles DROP COLUMN description');
  const { errors, code } = await client.graphql('{ roles { name } }');
  expect(code).toBe('INTERNAL_SERVER_ERROR');
  expect(
    JSON.stringify(errors.map(({ message, extensions }) => [message, extensions])),
  ).not.toMatch(/description|column|SELECT|QueryFailed/i);
  const requestId = String(errors[0]?.extensions.requestId);
  expect(server.logged.find((line) => line.includes(requestId)) ?? '').toContain('description');
  expect((await client.graphql('{ me { id } }')).errors).toEqual([]);
});

test('a client that sends half a request holds up nobody else', async () => {
  const server = await start();
  const { hostname, port } = new URL(server.url);
  const slow = Array.from({ length: 20 }, () => connect(Number(port), hostname));
  onTestFinished(() => slow.forEach((socket) => socket.destroy()));
  const head = `POST /graphql HTTP/1.1\r\nhost: ${hostname}\r\ncontent-type: application/json\r\n`;
  for (const [index, socket] of slow.entries()) {
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    socket.write(index % 2 === 0 ? head : `${head}content-length: 1000\r\n\r\n{"query":`);
  }
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => server.client.graphql('{ __typename }')),
  );
  expect(answers.every(({ status }) => status === 200)).toBe(true);
});

test('a page that asks who calls refuses as an operation does, with when to come again', async () => {
  const server = await start({ ...production, RATE_LIMIT_REQUESTS: '1/60s' });
  expect((await fetch(server.url)).status).toBe(401);
  const refused = await fetch(server.url);
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await refused.json()).toMatchObject({
    errors: [{ extensions: { code: 'RATE_LIMITED', limit: 'REQUESTS' } }],
  });
  expect(server.logged.filter((line) => line.includes('unforeseen error'))).toEqual([]);
});
