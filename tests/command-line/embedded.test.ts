import { expect, test, vi } from 'vitest';
import { password } from '../support/people.ts';
import { makeDataDir, startProcess } from '../support/process.ts';
import { login } from '../session/sessions.ts';
import { runCommand } from './commands.ts';

vi.setConfig({ testTimeout: 120_000 });

test('a command starts the embedded database, and works beside a server that runs it', async () => {
  const environment = { DATA_DIR: await makeDataDir() };
  const made = await runCommand(['create-owner', 'ada@example.com'], environment, `${password}\n`);
  expect(made).toMatchObject({ code: 0, stderr: 'ada@example.com was made, as Owner.\n' });

  const server = startProcess({ ...environment, BCRYPT_COST: '4' });
  const { client } = await server.started;
  expect((await login(client, 'ada@example.com')).errors).toEqual([]);

  const exported = await runCommand(['export', '-', '--format', 'ndjson'], environment);
  expect(exported.code).toBe(0);
  expect(JSON.parse(exported.stdout)).toMatchObject({ email: 'ada@example.com', roles: ['Owner'] });
  // The server's database was left to it.
  expect((await login(client, 'ada@example.com')).errors).toEqual([]);

  server.kill('SIGTERM');
  await server.exited;
  expect(await runCommand(['migrate'], environment)).toMatchObject({ code: 0 });
});
