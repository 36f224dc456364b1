import { getIntrospectionQuery } from 'graphql';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { registerPerson } from '../support/people.ts';
import { production, startTestServer, type TestServer } from '../support/server.ts';

const fullIntrospection = getIntrospectionQuery({
  descriptions: true,
  specifiedByUrl: true,
  directiveIsRepeatable: true,
  schemaDescription: true,
  inputValueDeprecation: true,
  oneOf: true,
});

const repeated = (count: number, text: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => text(index)).join(' ');

describe('a document that asks for too much', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.stop());

  const nested = (depth: number): string =>
    depth === 0 ? '__typename' : `... on Query { ${nested(depth - 1)} }`;

  test.each([
    ['deeper than MAX_DEPTH', /depth/, `{ ${nested(11)} }`],
    [
      'with more aliases than MAX_ALIASES',
      /aliases/i,
      `{ ${repeated(31, (n) => `a${n}: __typename`)} }`,
    ],
    ['with more tokens than MAX_TOKENS', /tokens/, `{ ${repeated(2100, () => '__typename')} }`],
    [
      'that costs more than MAX_COST, by fragments that multiply',
      /cost/i,
      `{ ...A } fragment A on Query { ${repeated(30, () => '...B')} }
       fragment B on Query { ${repeated(30, () => 'me { roles { id } }')} }`,
    ],
  ])('%s is refused before it runs', async (_, reason, query) => {
    const answer = await server.client.graphql(query);
    expect(answer).toMatchObject({ status: 400, data: {} });
    expect(answer.code).toMatch(/^GRAPHQL_(PARSE|VALIDATION)_FAILED$/);
    expect(answer.errors[0]?.message).toMatch(reason);
  });

  test('is not a page of a hundred entries, in whichever way the number is written', async () => {
    const { client } = await registerPerson(server);
    const node = `node {
      id action ipAddress userAgent metadata createdAt subject { id email username }
      actor { type id label user { id email username displayName roles { name } } }
    }`;
    const entries = `edges { cursor ${node} } pageInfo { hasNextPage endCursor }`;
    for (const [query, variables] of [
      [`{ auditEvents(first: 100) { ${entries} } }`],
      [
        `{ auditEvents(last: 100) { ...Entries } } fragment Entries on AuditEventConnection { ${entries} }`,
      ],
      [`{ ...Audit } fragment Audit on Query { auditEvents(first: 100) { ${entries} } }`],
      [`query ($first: Int) { auditEvents(first: $first) { ${entries} } }`, { first: 100 }],
    ] as const) {
      expect((await client.graphql(query, variables)).errors).toEqual([]);
    }
  });

  test('is refused quickly, too', async () => {
    const started = performance.now();
    const deep = `${'{ ... '.repeat(600)}{ __typename }${'}'.repeat(600)}`;
    expect((await server.client.graphql(deep)).status).toBe(400);
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  test('is not what the playground asks for: the whole schema with every detail', async () => {
    const { errors, data } = await server.client.graphql<{ __schema: { types: unknown[] } }>(
      fullIntrospection,
    );
    expect(errors).toEqual([]);
    expect(data.__schema.types.length).toBeGreaterThan(20);
  });
});

describe('a document that cannot be run', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.stop());

  test('is one that subscribes: the fault is the caller’s, and nothing of ours', async () => {
    const answer = await server.client.graphql('subscription { me { id } }');
    expect(answer).toMatchObject({ status: 400, code: 'GRAPHQL_VALIDATION_FAILED' });
  });

  const secret = 'horse; "battery" at "input.staple"';
  const login = 'mutation ($input: LoginInput!) { login(input: $input) { token } }';
  const good = { email: 'ada@example.com', password: secret };
  test.each<[string, string, object, string]>([
    [
      'with a field that is not there',
      login,
      { input: { ...good, emial: 'x' } },
      'Variable "$input" got an invalid value; Field "emial" is not defined by type "LoginInput". Did you mean "email"?',
    ],
    [
      'without a field that is needed',
      login,
      { input: { password: secret } },
      'Variable "$input" got an invalid value; Field "email" of required type "String!" was not provided.',
    ],
    [
      'with something else than text',
      login,
      { input: { ...good, password: [secret] } },
      'Variable "$input" got an invalid value at "input.password"; String cannot represent a non string value.',
    ],
    [
      'with text for an object',
      login,
      { input: secret },
      'Variable "$input" got an invalid value; Expected type "LoginInput" to be an object.',
    ],
    [
      'with another flag',
      login,
      { input: { ...good, remember: secret } },
      'Variable "$input" got an invalid value at "input.remember"; Boolean cannot represent a non boolean value.',
    ],
    [
      'with something else than an object of JSON',
      'mutation ($fields: JSONObject!) { updateUserFields(userId: "x", fields: $fields) { user { id } } }',
      { fields: [secret] },
      'Variable "$fields" got an invalid value; JSONObject cannot represent non-object value.',
    ],
    [
      'that writes a list where text belongs',
      `mutation { login(input: {email: "x", password: [${JSON.stringify(secret)}]}) { token } }`,
      {},
      'String cannot represent a non string value.',
    ],
    [
      'that writes text where an object belongs',
      `mutation { login(input: ${JSON.stringify(secret)}) { token } }`,
      {},
      'Expected value of type "LoginInput!".',
    ],
  ])('%s is told what is wrong, and not what was sent', async (_, query, variables, message) => {
    const { errors } = await server.client.graphql(query, { ...variables });
    expect(errors[0]?.message).toBe(message);
    expect(JSON.stringify(errors)).not.toMatch(/battery/);
    expect(server.logged.join('')).not.toMatch(/battery/);
  });
});

describe('limits of documents', () => {
  const running: TestServer[] = [];
  afterEach(async () => {
    for (const server of running.splice(0)) await server.stop();
  });
  async function start(environment: Record<string, string>): Promise<TestServer> {
    const server = await startTestServer(environment);
    running.push(server);
    return server;
  }

  test.each([
    ['MAX_DEPTH', '3', '{ users { nodes { roles { id } } } }'],
    ['MAX_ALIASES', '2', '{ a: __typename b: __typename c: __typename }'],
    ['MAX_TOKENS', '100', `{ ${repeated(100, () => '__typename')} }`],
    ['MAX_COST', '100', `{ ${repeated(30, (n) => `a${n}: me { roles { id } }`)} }`],
  ])('%s sets its own', async (variable, value, query) => {
    const generous = {
      MAX_DEPTH: '20',
      MAX_ALIASES: '100',
      MAX_TOKENS: '5000',
      MAX_COST: '100000',
    };
    const refusing = await start({ ...generous, [variable]: value });
    expect((await refusing.client.graphql(query)).status).toBe(400);
    const generously = await (await start(generous)).client.graphql(query);
    expect(['UNAUTHENTICATED', undefined]).toContain(generously.code);
  });

  test('the schema is shown in production to who is signed in, and to nobody else', async () => {
    const server = await start(production);
    const part = '{ __type(name: "User") { name } }';
    for (const query of [fullIntrospection, part, `query { ...F } fragment F on Query ${part}`]) {
      const refused = await server.client.graphql(query);
      expect(refused).toMatchObject({ status: 403, code: 'FORBIDDEN', data: {} });
    }
    expect((await server.client.graphql('{ __typename }')).errors).toEqual([]);
    const { client } = await registerPerson(server);
    expect((await client.graphql(fullIntrospection)).errors).toEqual([]);
  });

  test('the schema is not guessed in production by misspelling: no suggestions', async () => {
    const input = 'mutation ($input: LoginInput!) { login(input: $input) { token } }';
    const correct = { email: 'ada@example.com', password: 'correct horse battery' };
    const misspelt: [string, object?][] = [
      ['{ userz { nodes { id } } }'],
      ['{ users(pageSiz: 3) { nodes { id } } }'],
      ['{ __typename @skipp(if: true) }'],
      ['query ($a: LoginInpu!) { __typename }'],
      ['{ me { ... on Usr { id } } }'],
      ['{ searchUsers(term: "x") { roles } }'],
      ['mutation { login(input: { emial: "x", password: "y" }) { token } }'],
      ['mutation { login(input: { email: "x", password: "y", delivery: COOKI }) { token } }'],
      // What is wrong with variables is found elsewhere, and told elsewhere.
      [input, { input: { ...correct, emial: 'x' } }],
      [input, { input: { ...correct, delivery: 'COOKI' } }],
    ];
    const inProduction = await start(production);
    const inDevelopment = await start({});
    let suggestions = 0;
    for (const [query, variables] of misspelt) {
      const { errors } = await inProduction.client.graphql(query, { ...variables });
      expect(errors[0]?.message).toMatch(/^(Unknown|Cannot|Field|Value|Variable)/);
      expect(JSON.stringify(errors)).not.toMatch(/did you mean/i);
      const told = await inDevelopment.client.graphql(query, { ...variables });
      suggestions += Number(JSON.stringify(told.errors).includes('Did you mean'));
    }
    expect(suggestions).toBeGreaterThan(7);
  });
});
