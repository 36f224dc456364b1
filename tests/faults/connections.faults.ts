import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { createTestDatabase } from '../support/database.ts';
import { poll } from '../support/mailbox.ts';
import { startProcess } from '../support/process.ts';
import { isShort } from './form.ts';
import { environment } from './loaded-server.ts';
import { Load } from './load.ts';

async function startServer() {
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  const server = startProcess({
    ...environment,
    DATABASE_URL: database.url,
    APP_SECRET: 'the secret of the tests, which is no secret',
    BCRYPT_COST: '4',
    RATE_LIMITS: 'off',
  });
  const { client } = await server.started;
  return { client, port: Number(new URL(client.url).port) };
}

/** So many connections that have sent `text` and go on with a byte of `more` every half second. */
async function open(port: number, count: number, text: string, more = ''): Promise<Socket[]> {
  const sockets: Socket[] = [];
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
  });
  while (sockets.length < count) {
    const batch = Array.from({ length: Math.min(100, count - sockets.length) }, () => {
      const socket = connect(port, '127.0.0.1').on('error', () => undefined);
      socket.on('data', () => undefined);
      sockets.push(socket);
      return once(socket, 'connect').then(() => socket.write(text));
    });
    await Promise.all(batch);
  }
  if (more === '') return sockets;
  const timer = setInterval(() => {
    for (const socket of sockets) if (socket.writable) socket.write(more);
  }, 500);
  onTestFinished(() => clearInterval(timer));
  return sockets;
}

const left = (sockets: readonly Socket[]) => sockets.filter(({ closed }) => !closed).length;

const headers = 'POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n';

test('slow, idle and half-open connections keep nobody else waiting, and are ended', async () => {
  const { client, port } = await startServer();
  const load = new Load(client);
  await load.start(2);
  onTestFinished(() => load.stop());
  await load.acknowledges(10);
  load.slowestMilliseconds = 0;
  const slow = {
    headers: await open(port, 200, headers, 'x'),
    bodies: await open(port, 200, `${headers}content-length: 5000\r\n\r\n{"query":"`, ' '),
    idle: await open(port, 2_000, ''),
  };
  // Half-open: the question is there, and whoever asked has hung up or listens to nothing.
  const question = '{"query":"{ __typename }"}';
  const asked = `${headers}content-length: ${question.length}\r\n\r\n${question}`;
  for (const socket of await open(port, 100, asked)) socket.end();
  for (const socket of await open(port, 100, asked)) socket.resetAndDestroy();
  for (const socket of await open(port, 100, asked)) socket.pause();
  expect(left(slow.idle)).toBeGreaterThan(1_900);
  await load.acknowledges(30);
  const health = await fetch(`${client.url}/readyz`);
  expect(health.status).toBe(200);
  await load.stop();
  expect([...load.failures]).toEqual([]);
  expect(load.slowestMilliseconds).toBeLessThan(5_000);
  if (isShort) return;

  // Headers within one minute, all of it within two; looked for every half minute.
  await poll(120_000, 'headers were still waited for', async () =>
    left(slow.headers) + left(slow.idle) === 0 ? true : undefined,
  );
  await poll(120_000, 'bodies were still waited for', async () =>
    left(slow.bodies) === 0 ? true : undefined,
  );
  expect((await fetch(`${client.url}/readyz`)).status).toBe(200);
});
