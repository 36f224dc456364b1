import { availableParallelism } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Answer } from '../support/client.ts';
import { loginMutation, password, registerPerson, type LoginResult } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { loginCodes, whoIs } from '../session/sessions.ts';

async function waitingPasswords(server: TestServer): Promise<number> {
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  return Number(/^gatehouse_password_queue_length (\d+)/m.exec(metrics)?.[1]);
}

const tryToSignIn = (server: TestServer, email: string) =>
  server.client.graphql<LoginResult>(loginMutation, { input: { email, password } });

const outcome = ({ code, data }: Answer<LoginResult>) => code ?? data.login.errors[0]?.code;

test('with the queue of passwords full, sign-ins are SERVER_BUSY and the earlier ones finish', async () => {
  const server = await startTestServer();
  const person = await registerPerson(server);
  const { email } = await registerPerson(server);
  // A hash of a cost that keeps a thread at work for as long as it takes to fill the queue.
  await server.database.query(
    "UPDATE users SET password_hash = regexp_replace(password_hash, '^.{7}', '$2b$14$') WHERE email = $1",
    [email],
  );
  const threads = availableParallelism();
  // For each thread one at work and one that lies ready; the last one is the first that waits.
  const working = Array.from({ length: 2 * threads + 1 }, () => tryToSignIn(server, email));
  for (let attempt = 0; (await waitingPasswords(server)) < 1 && attempt < 2_000; attempt += 1) {
    await pause(10);
  }
  const waiting: Promise<Answer<LoginResult>>[] = [];
  for (let more = 0; more < 64 * threads + 10; more += 1) {
    waiting.push(tryToSignIn(server, 'nobody@example.com'));
  }
  const answers = await Promise.all(waiting);
  const busy = answers.filter(({ code }) => code === 'SERVER_BUSY');
  expect(busy.length).toBeGreaterThan(0);
  expect(new Set(busy.map(({ status }) => status))).toEqual(new Set([503]));
  const others = answers.filter(({ code }) => code !== 'SERVER_BUSY').map(outcome);
  expect(others.length).toBeGreaterThanOrEqual(64);
  expect(new Set(others)).toEqual(new Set(['INVALID_CREDENTIALS']));
  expect(new Set((await Promise.all(working)).map(outcome))).toEqual(
    new Set(['INVALID_CREDENTIALS']),
  );
  // And then all is as before.
  expect(await whoIs(person.client)).toBe(person.id);
  expect(await loginCodes(server.client, person.email)).toEqual([]);
  await server.stop();
}, 120_000);
