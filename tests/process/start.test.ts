import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { expect, inject, onTestFinished, test, vi } from 'vitest';
import { createTestDatabase } from '../support/database.ts';
import { newEmail, password, registerMutation, type RegisterResult } from '../support/people.ts';
import { makeDataDir, startProcess } from '../support/process.ts';

vi.setConfig({ testTimeout: 120_000 });

test('a server says in four lines where it is and what it stands on', async () => {
  const database = await createTestDatabase({ empty: true });
  onTestFinished(() => database.drop());
  const server = startProcess({ DATABASE_URL: database.url });
  const { url, client } = await server.started;
  const { host, pathname } = new URL(database.url);
  expect(server.printed().trim().split('\n')).toEqual([
    `Gatehouse   ${url}/graphql`,
    `Playground  ${url}/`,
    `Mailbox     ${url}/dev/mailbox`,
    `Database    PostgreSQL at ${host}${pathname}`,
  ]);
  expect((await client.graphql('{ __typename }')).errors).toEqual([]);
  expect((await fetch(url)).status).toBe(200);
});

test('a server that sends mail says through whom, without the password', async () => {
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  const environment = { DATABASE_URL: database.url };
  const smtp = startProcess({ ...environment, SMTP_URL: 'smtp://a:secret@mail.example.com:25' });
  const sendGrid = startProcess({ ...environment, SENDGRID_API_KEY: 'SG.secret' });
  await Promise.all([smtp.started, sendGrid.started]);
  expect(smtp.printed()).toContain('\nMail        SMTP at mail.example.com:25\n');
  expect(sendGrid.printed()).toContain('\nMail        SendGrid\n');
  for (const { printed } of [smtp, sendGrid]) expect(printed()).not.toMatch(/secret|mailbox/i);
});

test('a second server on the same data says so and ends; the first works on', async () => {
  const environment = { DATA_DIR: await makeDataDir(), BCRYPT_COST: '4' };
  const first = startProcess(environment);
  const { client } = await first.started;
  expect(first.printed()).toContain(`embedded PostgreSQL in ${environment.DATA_DIR}`);

  const second = startProcess(environment);
  expect(await second.exited).toEqual({ code: 1, signal: null });
  expect(second.printed().trim()).toBe(
    `Gatehouse could not start. Another Gatehouse is already running on ${environment.DATA_DIR}`,
  );

  const { data } = await client.graphql<RegisterResult>(registerMutation, {
    input: { email: newEmail(), password },
  });
  expect(data.register.user?.roleNames).toEqual(['Owner']);
});

test('a configuration that cannot be used ends the start, naming every fault', async () => {
  const server = startProcess({
    DATABASE_URL: 'mysql://nowhere',
    PORT: 'many',
    RATE_LIMIT_LOGIN: 'often',
    RATE_LIMIT_LOGINN: '5/60s',
  });
  expect(await server.exited).toEqual({ code: 1, signal: null });
  const printed = server.printed();
  expect(printed).toContain('Gatehouse could not start. The configuration cannot be used:');
  for (const name of ['DATABASE_URL', 'PORT', 'RATE_LIMIT_LOGIN', 'RATE_LIMIT_LOGINN']) {
    expect(printed).toMatch(new RegExp(`^  ${name} is .*accepted: `, 'm'));
  }
  expect(printed).not.toMatch(/^ +at /m);
});

test('a port that is taken ends the start in one line', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void taken.close());
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  const server = startProcess({ DATABASE_URL: database.url, PORT: String(port) });
  expect(await server.exited).toEqual({ code: 1, signal: null });
  expect(server.printed().trim()).toBe(
    `Gatehouse could not start. listen EADDRINUSE: address already in use 127.0.0.1:${port}`,
  );
});

test('a database that cannot be used ends the start in one line, without the password', async () => {
  const nobody = new URL(inject('databaseServer'));
  nobody.username = 'nobody_at_all';
  nobody.password = 'secret';
  for (const [url, reason] of [
    ['postgres://someone:secret@127.0.0.1:1/nothing', 'connect ECONNREFUSED 127.0.0.1:1'],
    ['postgres://someone:secret@localhost:1/nothing', 'connect ECONNREFUSED'],
    [nobody.href, 'nobody_at_all'],
  ] as const) {
    const server = startProcess({ DATABASE_URL: url });
    expect(await server.exited).toEqual({ code: 1, signal: null });
    const lines = server.printed().trim().split('\n');
    expect(lines).toEqual([expect.stringMatching(`^Gatehouse could not start\\. .*${reason}`)]);
    expect(lines[0]).not.toContain('secret');
  }
});

test('two servers that start at once on one empty database both come up, with one Owner', async () => {
  const database = await createTestDatabase({ empty: true });
  onTestFinished(() => database.drop());
  const environment = { DATABASE_URL: database.url, BCRYPT_COST: '4' };
  const servers = [startProcess(environment), startProcess(environment)];
  const started = await Promise.all(servers.map((server) => server.started));
  const answers = await Promise.all(
    started.map(({ client }) =>
      client.graphql<RegisterResult>(registerMutation, { input: { email: newEmail(), password } }),
    ),
  );
  const roles = answers.flatMap(({ data }) => data.register.user?.roleNames);
  expect(roles.sort()).toEqual(['Owner', 'User']);
});
