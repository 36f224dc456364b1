import { onTestFinished, expect, test } from 'vitest';
import { createUser, adminSetPassword, refusals, userOf } from '../administration/accounts.ts';
import { runCommand } from '../command-line/commands.ts';
import { mailedToken, reset } from '../recovery/resets.ts';
import { register, told, validate } from '../registration/registering.ts';
import { loginCodes } from '../session/sessions.ts';
import { password, registerPerson, registerStaff } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { change } from './changing.ts';
import { seen, sha1, startPwnedDouble, type Reply } from './pwned-double.ts';

const breached = 'eleven lost umbrellas';
const other = 'a stable of seven horses';

async function start(environment: Readonly<Record<string, string>> = {}): Promise<TestServer> {
  const server = await startTestServer(environment);
  onTestFinished(() => server.stop());
  return server;
}

test('nobody is asked unless it is wanted so', async () => {
  const service = await startPwnedDouble(seen({ [breached]: 7 }));
  const server = await start();
  expect((await register(server.client, { password: breached })).errors).toEqual([]);
  expect(service.asked).toEqual([]);
});

test('a new password that was seen in a breach is refused, whoever sets it and how', async () => {
  const service = await startPwnedDouble(seen({ [breached]: 7 }));
  const server = await start(service.environment);
  const command = await runCommand(
    ['create-owner', 'ada@example.com'],
    { DATABASE_URL: server.database.url, ...service.environment },
    `${breached}\n`,
  );
  expect([command.code, command.stderr]).toEqual([1, expect.stringContaining('(TOO_COMMON)')]);
  const { admin, user } = await registerStaff(server);
  const { errors } = await register(server.client, { password: breached });
  expect(errors).toEqual([
    {
      code: 'TOO_COMMON',
      field: 'input.password',
      message: 'has become public in a breach of some service',
    },
  ]);
  expect(told((await change(user.client, { password: breached })).errors)).toEqual([
    'input.password TOO_COMMON',
  ]);
  expect(refusals(await adminSetPassword(admin.client, user.id, breached))).toEqual([
    'password TOO_COMMON',
  ]);
  const made = await createUser(admin.client, { email: 'eve@example.com', password: breached });
  expect(refusals(made)).toEqual(['input.password TOO_COMMON']);
  const token = await mailedToken(server, user.email);
  expect(told((await reset(server.client, token, breached)).errors)).toEqual([
    'password TOO_COMMON',
  ]);
  expect((await reset(server.client, token, other)).errors).toEqual([]);
  expect(await loginCodes(server.client, user.email, { password: other })).toEqual([]);
});

test('of the password no more is told than the first five digits of its SHA-1', async () => {
  const service = await startPwnedDouble(seen({}));
  const server = await start(service.environment);
  expect((await register(server.client, { password: 'Cafe\u0301 cre\u0300me' })).errors).toEqual(
    [],
  );
  const digest = sha1('Café crème'); // as it is hashed, and as others have typed it
  expect(service.asked).toEqual([
    { url: `/range/${digest.slice(0, 5)}`, headers: expect.objectContaining({}) as object },
  ]);
  const [{ headers } = { headers: {} }] = service.asked;
  expect(headers).toMatchObject({ 'add-padding': 'true' });
  expect(JSON.stringify(service.asked).toUpperCase()).not.toContain(digest.slice(5, 11));
});

test('a row that only pads the answer does not count', async () => {
  const service = await startPwnedDouble(seen({ [breached]: 0 }));
  const server = await start(service.environment);
  expect((await register(server.client, { password: breached })).errors).toEqual([]);
  service.answerWith(seen({ [breached]: 1 }));
  expect(told((await register(server.client, { password: breached })).errors)).toEqual([
    'input.password TOO_COMMON',
  ]);
});

test('it is asked once for each new password, and for none that is refused or in use', async () => {
  const service = await startPwnedDouble(seen({}));
  const server = await start(service.environment);
  const person = await registerPerson(server);
  expect(service.asked).toHaveLength(1);
  await validate(server.client);
  await register(server.client, { password: 'short' });
  await register(server.client, { email: 'nobody' });
  await change(person.client, { currentPassword: 'wrong' });
  await change(person.client, { password });
  await reset(server.client, 'x'.repeat(64), other);
  expect(await loginCodes(server.client, person.email)).toEqual([]);
  expect(service.asked).toHaveLength(1);
  expect((await change(person.client)).errors).toEqual([]);
  expect(service.asked).toHaveLength(2);
});

const outages: readonly (readonly [string, Reply])[] = [
  ['says nothing', () => undefined],
  ['stops in the middle', (response) => void response.write(`${sha1('x').slice(5)}:1\r\n`)],
  ['hangs up', (response) => void response.destroy()],
  ['is overloaded', (response) => void response.writeHead(503).end('Try later')],
  ['answers with a page', (response) => void response.end('<!doctype html><title>Hello</title>')],
  ['answers with nothing', (response) => void response.end()],
  ['leads elsewhere', (response) => void response.writeHead(302, { location: '/range' }).end()],
  ['never ends', (response) => void response.end(`${sha1('x').slice(5)}:1\n`.repeat(50_000))],
];

test.each(outages)(
  'while the service %s, passwords are changed and it is logged',
  async (_, reply) => {
    const service = await startPwnedDouble(seen({}));
    const server = await start(service.environment);
    const person = await registerPerson(server);
    service.answerWith(reply);
    const begun = performance.now();
    expect((await change(person.client, { password: breached })).errors).toEqual([]);
    expect(performance.now() - begun).toBeLessThan(8000);
    expect(service.asked).toHaveLength(2);
    const lines = server.logged.filter((line) => line.includes('was not looked up among breached'));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('"level":40');
    expect(lines[0]?.toUpperCase()).not.toContain(sha1(breached).slice(0, 5));
  },
);

test('a service that is not there at all changes nothing either', async () => {
  const server = await start({ BREACHED_PASSWORDS_URL: 'http://127.0.0.1:9/range' });
  expect((await register(server.client)).errors).toEqual([]);
  expect(server.logged.join('')).toContain('was not looked up among breached');
});

test('nothing in the database waits for the answer', async () => {
  const service = await startPwnedDouble(seen({}));
  const server = await start(service.environment);
  const { owner, admin, user } = await registerStaff(server);
  const token = await mailedToken(server, user.email);
  const waiting: string[] = [];
  service.answerWith((response, range) => {
    void server.database
      .query<{ query: string }>(
        `SELECT query FROM pg_stat_activity
         WHERE datname = current_database() AND state LIKE 'idle in transaction%'`,
      )
      .then((open) => {
        waiting.push(...open.map(({ query }) => query));
        seen({})(response, range);
      });
  });
  expect((await register(server.client)).errors).toEqual([]);
  expect((await change(owner.client)).errors).toEqual([]);
  expect((await reset(server.client, token, other)).errors).toEqual([]);
  userOf(await createUser(admin.client, { email: 'eve@example.com', password }));
  userOf(await adminSetPassword(admin.client, user.id, 'set by an administrator'));
  expect(service.asked).toHaveLength(8);
  expect(waiting).toEqual([]);
});
