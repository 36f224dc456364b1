import { expect, test } from 'vitest';
import { makeDatabase, runCommand } from './commands.ts';

test('without a command, and with --help, it tells what there is to call', async () => {
  for (const args of [[], ['--help'], ['-h'], ['help']]) {
    const { code, stdout, stderr } = await runCommand(args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('Usage: gatehouse COMMAND [OPTIONS]');
    for (const name of ['migrate', 'create-owner', 'import', 'export', 'roles:backfill']) {
      expect(stdout).toMatch(new RegExp(`^  ${name} +\\w`, 'm'));
    }
    expect(stdout).toContain('Exit codes: 0 done, 1 failed, 2 not understood');
  }
});

test('a command tells what it takes, without touching the database', async () => {
  const environment = { DATABASE_URL: 'postgres://127.0.0.1:1/nothing' };
  const { code, stdout } = await runCommand(['import', '--help'], environment);
  expect(code).toBe(0);
  expect(stdout).toContain('Usage: gatehouse import FILE [OPTIONS]');
  for (const option of ['--format FORMAT', '--dry-run', '--report FILE', '-q, --quiet', '--json']) {
    expect(stdout).toContain(option);
  }
});

test('--version tells the version', async () => {
  for (const option of ['--version', '-V']) {
    const { code, stdout } = await runCommand([option]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^gatehouse \d+\.\d+\.\d+\n$/);
  }
});

test.each([
  [['frobnicate'], 'There is no command "frobnicate".', 'See: gatehouse --help'],
  [['constructor'], 'There is no command "constructor".', 'See: gatehouse --help'],
  [['import'], 'import takes FILE beside its options.', 'See: gatehouse import --help'],
  [['import', 'a.csv', 'b.csv'], 'import takes FILE beside', 'See: gatehouse import --help'],
  [['migrate', 'now'], 'migrate takes nothing beside', 'See: gatehouse migrate --help'],
  [['import', 'a.csv', '--fast'], "Unknown option '--fast'.", 'See: gatehouse import --help'],
  [['import', 'a.csv', '--report'], "Option '--report <value>' argument missing.", 'See: '],
  [['import', 'a.txt'], 'Say --format csv or --format ndjson', 'See: gatehouse import --help'],
  [['import', '-'], 'Say --format csv or --format ndjson', 'See: gatehouse import --help'],
  [['export', 'a.csv', '--format', 'xml'], '--format takes csv or ndjson', 'See: gatehouse export'],
  [['export', '-', '--format', 'csv', '--json'], 'both write to standard output', 'See: '],
  [['export', 'a.ndjson', '--escape-formulas'], '--escape-formulas is for CSV.', 'See: '],
])('%j is not understood: exit code 2', async (args, message, advice) => {
  const { code, stdout, stderr } = await runCommand(args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(`gatehouse: ${message}`.slice(0, 11));
  expect(stderr).toContain(message);
  expect(stderr).toContain(advice);
});

test('what an operator can mend is told without a stack: exit code 1', async () => {
  const configuration = await runCommand(['migrate'], { DATABASE_URL: 'mysql://x', PORT: 'many' });
  expect(configuration.code).toBe(1);
  expect(configuration.stderr).toMatch(/^ {2}DATABASE_URL is .*accepted: /m);
  expect(configuration.stderr).toMatch(/^ {2}PORT is .*accepted: /m);

  const nobody = { DATABASE_URL: 'postgres://someone:secret@127.0.0.1:1/nothing' };
  const unreachable = await runCommand(['migrate'], nobody);
  expect(unreachable.code).toBe(1);
  expect(unreachable.stderr).toContain('ECONNREFUSED');

  const missing = await runCommand(['import', '/nowhere/users.csv'], nobody);
  expect(missing.code).toBe(1);
  expect(missing.stderr).toContain('no such file');

  for (const { stdout, stderr } of [configuration, unreachable, missing]) {
    expect(stdout).toBe('');
    expect(stderr).not.toMatch(/^ +at |secret/m);
  }
});

test('migrate brings an empty database up to date, and once more changes nothing', async () => {
  const database = await makeDatabase({ empty: true });
  const environment = { DATABASE_URL: database.url };
  const first = await runCommand(['migrate'], environment);
  expect(first).toMatchObject({ code: 0, stdout: '' });
  expect(first.stderr).toBe(
    `Up to date: PostgreSQL at ${new URL(database.url).host}${new URL(database.url).pathname}.\n`,
  );
  expect(await database.query('SELECT FROM users')).toEqual([]);

  const again = await runCommand(['migrate', '--json'], environment);
  expect(JSON.parse(again.stdout)).toEqual({
    database: expect.stringContaining('PostgreSQL at') as string,
  });
  expect(await runCommand(['migrate', '--quiet'], environment)).toEqual({
    code: 0,
    stdout: '',
    stderr: '',
  });
});
