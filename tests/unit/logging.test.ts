import { pino } from 'pino';
import { expect, test } from 'vitest';
import { withoutValues } from '../../src/logging.ts';

test('a statement that failed is logged with what went wrong, and not with which values', () => {
  const lines: string[] = [];
  const log = withoutValues(pino({}, { write: (line: string) => void lines.push(line) }));
  const value = 'ada@example.com';
  const driverError = { detail: value };
  const told = { code: '23505', constraint: 'users_email_index' };
  const error = Object.assign(new Error('duplicate key'), told, {
    driverError,
    parameters: [value],
    detail: `Key (email)=(${value}) already exists.`,
    where: `COPY users, line 1: "${value}"`,
  });
  log.error({ err: error }, 'unforeseen error');
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ err: { message: 'duplicate key', ...told } });
  expect(lines[0]).not.toContain(value);
});
