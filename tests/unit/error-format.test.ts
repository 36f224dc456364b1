import { pino } from 'pino';
import { QueryRunnerAlreadyReleasedError, QueryRunnerProviderAlreadyReleasedError } from 'typeorm';
import { expect, test } from 'vitest';
import { asRequestError } from '../../src/graphql/error-format.ts';

const ctx = { log: pino({ level: 'silent' }), requestId: 'an id' };
const codeOf = (error: unknown) => asRequestError(error, ctx).extensions.code;

test('a transaction whose connection broke between two statements is a server that is busy', () => {
  expect(codeOf(new QueryRunnerAlreadyReleasedError())).toBe('SERVER_BUSY');
  expect(codeOf(new QueryRunnerProviderAlreadyReleasedError())).toBe('SERVER_BUSY');
});

test('a silent server is busy, and a mistake of ours is not', () => {
  expect(codeOf(new Error('Connection terminated: no answer for 35000 ms'))).toBe('SERVER_BUSY');
  expect(codeOf(new TypeError('x is not a function'))).toBe('INTERNAL_SERVER_ERROR');
});
