import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TopLevelError } from '../support/client.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

/** One request as it is, and its answer with the code of its first error. */
async function send(path: string, init: RequestInit = {}) {
  const response = await fetch(server.url + path, init);
  const body = (await response.json()) as { data?: unknown; errors?: TopLevelError[] };
  return { status: response.status, data: body.data, code: body.errors?.[0]?.extensions.code };
}

function post(body: BodyInit, headers: Record<string, string> = {}) {
  const json = { 'content-type': 'application/json', ...headers };
  return send('/graphql', { method: 'POST', headers: json, body });
}

const ask = (query: string) => post(JSON.stringify({ query }));

describe('a request that cannot be read', () => {
  test.each(['', '{', '{"query": "{ __typename }"', 'null bytes \0', '[]', 'null', '7', '"x"'])(
    'is 400 for the body %j',
    async (body) => {
      expect(await post(body)).toMatchObject({ status: 400, code: 'BAD_USER_INPUT' });
    },
  );

  test.each([{}, { query: 7 }, { query: '' }, { query: '{ __typename }', variables: 'x' }])(
    'is 400 for %j',
    async (body) => {
      const answer = await post(JSON.stringify(body));
      expect(answer).toMatchObject({ status: 400, code: 'BAD_USER_INPUT' });
    },
  );

  test('is GRAPHQL_PARSE_FAILED for what is no GraphQL', async () => {
    expect(await ask('{ me {')).toMatchObject({ status: 400, code: 'GRAPHQL_PARSE_FAILED' });
  });

  test.each(['{ nothingLikeIt }', '{ me { passwordHash } }', 'query ($x: Nope) { __typename }'])(
    'is GRAPHQL_VALIDATION_FAILED for %j',
    async (query) => {
      expect(await ask(query)).toMatchObject({ status: 400, code: 'GRAPHQL_VALIDATION_FAILED' });
    },
  );

  test('is BAD_USER_INPUT for variables of another type', async () => {
    const query = 'query ($name: String!) { me { hasRole(name: $name) } }';
    const answer = await post(JSON.stringify({ query, variables: { name: 7 } }));
    expect(answer).toMatchObject({ status: 400, code: 'BAD_USER_INPUT' });
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', ''])(
    'is 415 as %j, which any page can make a browser send',
    async (type) => {
      const answer = await post('{"query":"{ __typename }"}', { 'content-type': type });
      expect(answer).toMatchObject({ status: 415, code: 'BAD_USER_INPUT' });
    },
  );

  test('is 413 when it is longer than a mebibyte, and read when it is shorter', async () => {
    const body = (length: number) =>
      JSON.stringify({ query: '{ __typename }', variables: { x: 'x'.repeat(length) } });
    const tooLong = await post(body(1024 * 1024));
    expect(tooLong).toMatchObject({ status: 413, code: 'PAYLOAD_TOO_LARGE' });
    expect(await post(body(1024 * 1024 - 100))).toMatchObject({ status: 200 });
  });

  test('is refused when it is compressed: a small one could grow without bound', async () => {
    const bomb = gzipSync(JSON.stringify({ query: '{ __typename }', x: ' '.repeat(50_000_000) }));
    const answer = await post(bomb, { 'content-encoding': 'gzip' });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect(answer.code).toBe('BAD_USER_INPUT');
  });
});

test('several operations in one request are refused', async () => {
  const batch = [{ query: '{ __typename }' }, { query: '{ __typename }' }];
  expect(await post(JSON.stringify(batch))).toMatchObject({ status: 400 });
});

describe('GET', () => {
  const path = (query: string) => `/graphql?query=${encodeURIComponent(query)}`;
  const preflighted = { headers: { 'apollo-require-preflight': 'true' } };

  test('answers a query that no foreign page can send unasked', async () => {
    const answer = await send(path('{ __typename }'), preflighted);
    expect(answer).toMatchObject({ status: 200, data: { __typename: 'Query' } });
  });

  test('refuses a query without the header that makes browsers ask first', async () => {
    const answer = await send(path('{ __typename }'));
    expect(answer).toMatchObject({ status: 400, data: undefined });
  });

  test('refuses a mutation, header or not', async () => {
    const mutation = 'mutation { logout { errors { code } } }';
    expect(await send(path(mutation), preflighted)).toMatchObject({
      status: 405,
      data: undefined,
    });
    expect((await send(path(mutation))).status).toBe(400);
  });
});

test.each(['/nothing', '/graphql/x', '/playground/nothing.js', '/playground/../../package.json'])(
  '%s is 404 in the form of GraphQL errors',
  async (path) => {
    expect(await send(path)).toMatchObject({ status: 404, code: 'NOT_FOUND' });
  },
);

test.each(['PUT', 'DELETE', 'PATCH'])('%s is answered in the same form', async (method) => {
  const answer = await send('/graphql', { method });
  expect(answer).toMatchObject({ status: 404, code: 'NOT_FOUND' });
});
