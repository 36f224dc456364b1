import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
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
  const text = await response.text();
  const body = JSON.parse(text) as { data?: unknown; errors?: TopLevelError[] };
  const code = body.errors?.[0]?.extensions.code;
  const { status, headers } = response;
  return { status, headers, length: text.length, data: body.data, code };
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

  const bomb = JSON.stringify({ query: '{ __typename }', x: ' '.repeat(50_000_000) });
  test.each([
    ['gzip', gzipSync(bomb)],
    ['br', brotliCompressSync(bomb)],
    ['deflate', deflateSync('{"query":"{ __typename }"}')],
    ['gzip, gzip', Buffer.from('{"query":"{ __typename }"}')],
  ])(
    'is refused unread when it is compressed by %s: a small one could grow without bound',
    async (encoding, body) => {
      for (const type of ['application/json', 'multipart/form-data; boundary=x']) {
        const answer = await post(body, { 'content-encoding': encoding, 'content-type': type });
        expect(answer).toMatchObject({ status: 415, code: 'BAD_USER_INPUT', data: undefined });
        expect(answer.headers.get('accept-encoding')).toBe('identity');
      }
      expect(
        await post('{"query":"{ __typename }"}', { 'content-encoding': 'identity' }),
      ).toMatchObject({
        status: 200,
      });
    },
  );

  test('is answered shortly when its variables are wrong a hundred thousand times', async () => {
    const query =
      'mutation ($ids: [ID!]!) { bulkUpdateUserFields(userIds: $ids, fields: {}) { failedCount } }';
    for (const wrong of [{}, null, [[]]]) {
      const ids = Array.from({ length: 100_000 }, () => wrong);
      const answer = await post(JSON.stringify({ query, variables: { ids } }));
      expect(answer).toMatchObject({ status: 400, code: 'BAD_USER_INPUT' });
      expect(answer.length).toBeLessThan(50_000);
    }
  });

  test('is read when it has ten thousand variables that nothing asks for', async () => {
    const variables = Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`v${n}`, n]));
    const answer = await post(JSON.stringify({ query: '{ __typename }', variables }));
    expect(answer).toMatchObject({ status: 200, data: { __typename: 'Query' } });
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

test('a form of another page, which browsers send without asking first, is refused unread', async () => {
  const form = () => {
    const form = new FormData();
    const query = 'mutation ($file: Upload!) { updateAvatar(file: $file) { errors { code } } }';
    form.set('operations', JSON.stringify({ query, variables: { file: null } }));
    form.set('map', '{"0":["variables.file"]}');
    form.set('0', new Blob(['picture']));
    return form;
  };
  const answer = await send('/graphql', { method: 'POST', body: form() });
  expect(answer).toMatchObject({ status: 400, code: 'BAD_USER_INPUT', data: undefined });
  // What no form can send is what lets it pass.
  const headers = { 'apollo-require-preflight': 'true' };
  const meant = await send('/graphql', { method: 'POST', headers, body: form() });
  expect(meant.code).toBe('UNAUTHENTICATED');
});

test.each(['/nothing', '/graphql/x', '/playground/nothing.js', '/playground/../../package.json'])(
  '%s is 404 in the form of GraphQL errors',
  async (path) => {
    expect(await send(path)).toMatchObject({ status: 404, code: 'NOT_FOUND' });
  },
);

test.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS'])(
  '%s is told which methods GraphQL takes',
  async (method) => {
    for (const path of ['/graphql', '/graphql?query={__typename}']) {
      const answer = await send(path, { method });
      expect(answer).toMatchObject({ status: 405, code: 'BAD_USER_INPUT' });
      expect(answer.headers.get('allow')).toBe('GET, POST');
    }
  },
);

describe('a document that cannot be run', () => {
  const statusFor = async (accept: string, request: object) =>
    (await post(JSON.stringify(request), { accept })).status;
  const faulty = [
    { query: '{' },
    { query: '{ nothingLikeIt }' },
    { query: 'query ($id: ID!) { user(id: $id) { id } }', variables: {} },
    { query: 'query A { __typename }', operationName: 'B' },
  ];

  test.each(faulty)('is 400, and 200 for who asks for plain JSON by name: %j', async (request) => {
    for (const accept of ['', '*/*', 'application/graphql-response+json, application/json;q=0.9']) {
      expect([accept, await statusFor(accept, request)]).toEqual([accept, 400]);
    }
    for (const accept of ['application/json', 'text/html, Application/JSON; q=0.5, */*;q=0.1']) {
      expect([accept, await statusFor(accept, request)]).toEqual([accept, 200]);
    }
  });

  test('is another thing than a request that cannot be read: that is 400 for everybody', async () => {
    for (const request of [{}, { query: 7 }, { query: '{ me { id } }', variables: 'x' }]) {
      expect(await statusFor('application/json', request)).toBe(400);
    }
  });

  test('is another thing than a refusal, which keeps its status', async () => {
    const answer = await post(JSON.stringify({ query: '{ mySessions { id } }' }), {
      accept: 'application/json',
    });
    expect(answer).toMatchObject({ status: 200, code: 'UNAUTHENTICATED' });
  });
});
