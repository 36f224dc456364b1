import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../support/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

async function post(body: string | Uint8Array<ArrayBuffer>, type = 'application/json') {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': type },
    body,
  });
  const answer = (await response.json()) as { errors: { extensions: { code: string } }[] };
  return { status: response.status, code: answer.errors[0]?.extensions.code };
}

const registerWith = (email: string) =>
  `{"query":"query ($input: RegisterInput!) { validateRegistration(input: $input) { valid } }",
    "variables":{"input":{"email":${email},"password":"correct horse battery"}}}`;

test.each([
  ['no JSON', '{'],
  ['nothing', ''],
  ['null', 'null'],
  ['a number', '1'],
  ['a list of requests', '[{"query":"{ me { id } }"}]'],
  ['no query', '{}'],
  ['a query that is no text', '{"query":{"me":1}}'],
  ['variables that are no object', '{"query":"{ me { id } }","variables":"x"}'],
  ['an operation name that is no text', '{"query":"{ me { id } }","operationName":[1]}'],
  ['a prototype to pollute', registerWith('{"__proto__":{"admin":true}}')],
  ['a list 100,000 deep', registerWith(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)],
  ['an object 50,000 deep', registerWith(`${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`)],
])('a body that is %s is refused as the caller’s mistake', async (_, body) => {
  const { status, code } = await post(body);
  expect([status, code]).toEqual([400, 'BAD_USER_INPUT']);
});

test('bytes that are no UTF-8 are refused as text is', async () => {
  const bytes = Buffer.from(registerWith('"a@example.com"')).fill(0xff, 110, 120);
  expect((await post(bytes)).status).toBeLessThan(500);
});

test('more than 1 MiB is PAYLOAD_TOO_LARGE, another media type is not taken', async () => {
  expect(await post(registerWith(`"${'a'.repeat(1024 * 1024)}"`))).toEqual({
    status: 413,
    code: 'PAYLOAD_TOO_LARGE',
  });
  expect((await post('{"query":"{ me { id } }"}', 'text/plain')).status).toBe(415);
});

test.each([
  ['selections 900 deep', `{ ${'me { '.repeat(900)} id ${'}'.repeat(900)} }`],
  ['a list literal 900 deep', `{ user(id: ${'['.repeat(900)}${']'.repeat(900)}) { id } }`],
  [
    'fragments that go in circles',
    '{ me { ...A } } fragment A on User { ...B } fragment B on User { ...A }',
  ],
  ['a fragment of itself', '{ me { ...A } } fragment A on User { roles { id } ...A }'],
  ['1,000 aliases', `{ ${Array.from({ length: 1000 }, (_, n) => `a${n}: me { id }`).join(' ')} }`],
  ['an unknown field', '{ password }'],
  ['an endless text', '{ user(id: "'],
  ['NUL', '{ me { \0 } }'],
  ['a directive repeated', `{ me ${'@include(if: true) '.repeat(300)} { id } }`],
])('a document with %s is refused', async (_, query) => {
  const { status, code } = await post(JSON.stringify({ query }));
  expect(status).toBe(400);
  expect(['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'BAD_USER_INPUT']).toContain(code);
});

test('after all of it the server is well', async () => {
  await post('{');
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  expect(server.logged.filter((line) => line.includes('unforeseen'))).toEqual([]);
});
