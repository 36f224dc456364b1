import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TopLevelError } from '../support/client.ts';
import { registerPerson, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { avatarOf, ending, updateMutation } from './avatars.ts';
import { jpeg } from './pictures.ts';

const file = await jpeg(60, 40);
let server: TestServer;
let person: Person;
beforeAll(async () => {
  server = await startTestServer();
  person = await registerPerson(server);
});
afterAll(() => server.stop());

type Parts = readonly (readonly [name: string, content: string | File])[];

async function send(parts: Parts, headers: Record<string, string> = {}) {
  const form = new FormData();
  for (const [name, content] of parts) form.append(name, content);
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'apollo-require-preflight': '1', ...person.client.headers, ...headers },
    body: form,
  });
  const body = (await response.json()) as {
    data?: Parameters<typeof ending>[0]['data'];
    errors?: TopLevelError[];
  };
  const code = body.errors?.[0]?.extensions.code;
  return { status: response.status, ending: ending({ code, data: body.data ?? {} }) };
}

const operations = JSON.stringify({ query: updateMutation, variables: { file: null } });
const map = '{"0":["variables.file"]}';
const withOperations = (variables: unknown, query = updateMutation) =>
  JSON.stringify({ query, variables });

test('fields and file in the order of the specification are taken, whatever the file is called', async () => {
  for (const name of ['0', '1', 'file', 'a.b', 'ä']) {
    const parts: Parts = [
      ['operations', operations],
      ['map', JSON.stringify({ [name]: ['variables.file'] })],
      [name, file],
    ];
    expect(await send(parts)).toEqual({ status: 200, ending: 'ok' });
  }
});

test('fields that are sent as files are taken: some clients do', async () => {
  const json = (text: string) => new File([text], 'blob', { type: 'application/json' });
  expect(
    await send([
      ['operations', json(operations)],
      ['map', json(map)],
      ['0', file],
    ]),
  ).toEqual({ status: 200, ending: 'ok' });
});

const malformed: [string, Parts][] = [
  ['nothing at all', []],
  [
    'no operations',
    [
      ['map', map],
      ['0', file],
    ],
  ],
  [
    'no map',
    [
      ['operations', operations],
      ['0', file],
    ],
  ],
  ['no map and no file', [['operations', operations]]],
  [
    'the map before the operations',
    [
      ['map', map],
      ['operations', operations],
      ['0', file],
    ],
  ],
  [
    'the file first',
    [
      ['0', file],
      ['operations', operations],
      ['map', map],
    ],
  ],
  [
    'operations that are no JSON',
    [
      ['operations', '{'],
      ['map', map],
      ['0', file],
    ],
  ],
  [
    'operations that are no object',
    [
      ['operations', '1'],
      ['map', map],
      ['0', file],
    ],
  ],
  [
    'operations that are null',
    [
      ['operations', 'null'],
      ['map', map],
      ['0', file],
    ],
  ],
  [
    'a map that is no JSON',
    [
      ['operations', operations],
      ['map', '{'],
      ['0', file],
    ],
  ],
  [
    'a map that is a list',
    [
      ['operations', operations],
      ['map', '[]'],
      ['0', file],
    ],
  ],
  [
    'an empty map',
    [
      ['operations', operations],
      ['map', '{}'],
      ['0', file],
    ],
  ],
  [
    'a map of text',
    [
      ['operations', operations],
      ['map', '{"0":"variables.file"}'],
      ['0', file],
    ],
  ],
  [
    'a map of numbers',
    [
      ['operations', operations],
      ['map', '{"0":[1]}'],
      ['0', file],
    ],
  ],
  ...[
    'file',
    'variables',
    'variables.other',
    'variables.file.deeper',
    'query',
    '',
    'variables.__proto__.polluted',
    '__proto__.polluted',
    'constructor.prototype.polluted',
  ].map((path): [string, Parts] => [
    `a map to “${path}”`,
    [
      ['operations', operations],
      ['map', JSON.stringify({ 0: [path] })],
      ['0', file],
    ],
  ]),
];

test.each(malformed)('%s is BAD_USER_INPUT', async (_, parts) => {
  expect(await send(parts)).toEqual({ status: 400, ending: 'BAD_USER_INPUT' });
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

test('a body without a boundary, with another one, or cut short is BAD_USER_INPUT', async () => {
  const bodies: [string, string][] = [
    ['multipart/form-data', 'anything'],
    ['multipart/form-data; boundary=a', '--b\r\n\r\n--b--\r\n'],
    ['multipart/form-data; boundary=a', '--a\r\ncontent-disposition: form-data; name="operations"'],
    ['multipart/form-data; boundary=a', ''],
  ];
  for (const [type, body] of bodies) {
    const headers = { 'apollo-require-preflight': '1', 'content-type': type };
    const answer = await fetch(`${server.url}/graphql`, { method: 'POST', headers, body });
    expect([type, body, answer.status]).toEqual([type, body, 400]);
  }
});

test('a file that the map does not name, or that never comes, is BAD_USER_INPUT', async () => {
  const fields: Parts = [
    ['operations', operations],
    ['map', map],
  ];
  expect(await send([...fields, ['1', file]])).toMatchObject({ ending: 'BAD_USER_INPUT' });
  expect(await send(fields)).toMatchObject({ ending: 'BAD_USER_INPUT' });
});

test('more than one file, or more than 1 MiB of text, is PAYLOAD_TOO_LARGE', async () => {
  const two = '{"0":["variables.file"],"1":["variables.other"]}';
  expect(
    await send([
      ['operations', operations],
      ['map', two],
      ['0', file],
      ['1', file],
    ]),
  ).toEqual({
    status: 413,
    ending: 'PAYLOAD_TOO_LARGE',
  });
  const long = withOperations({ file: null, more: 'x'.repeat(1024 * 1024) });
  expect(
    await send([
      ['operations', long],
      ['map', map],
      ['0', file],
    ]),
  ).toEqual({
    status: 413,
    ending: 'PAYLOAD_TOO_LARGE',
  });
});

test('one file cannot be used twice in a request', async () => {
  const query = `mutation ($file: Upload!) {
    a: updateAvatar(file: $file) { errors { code } }
    outcome: updateAvatar(file: $file) { errors { code } } }`;
  const answer = await send([
    ['operations', withOperations({ file: null }, query)],
    ['map', map],
    ['0', file],
  ]);
  expect(answer.ending).toBe('BAD_USER_INPUT');
  expect(await avatarOf(person.client)).not.toBeNull();
});

test('what is no file does not pass for one', async () => {
  for (const value of [null, 'text', 1, {}, { read: 'x' }, []]) {
    const { code } = await person.client.graphql(updateMutation, { file: value });
    expect(code).toBe('BAD_USER_INPUT');
  }
  const literal = 'mutation { updateAvatar(file: "x") { errors { code } } }';
  expect((await person.client.graphql(literal)).code).toBe('GRAPHQL_VALIDATION_FAILED');
});

test('an operation without a file may come as a multipart request, too', async () => {
  const query = '{ me { id } }';
  const answer = await send([
    ['operations', withOperations({ file: null, other: null }, query)],
    ['map', '{"0":["variables.other"]}'],
    ['0', file],
  ]);
  expect(answer.status).toBe(200);
});
