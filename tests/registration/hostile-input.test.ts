import {
  buildClientSchema,
  getIntrospectionQuery,
  getNullableType,
  isInputObjectType,
  isListType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
  type GraphQLField,
  type GraphQLInputType,
  type IntrospectionQuery,
} from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newEmail, password, registerPerson, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { signInAgain, whoIs } from '../session/sessions.ts';
import { hugeStrings, naughtyStrings, wrongTypes } from './naughty-strings.ts';

let server: TestServer;
let owner: Person;
let operations: readonly Operation[];
beforeAll(async () => {
  server = await startTestServer();
  owner = await registerPerson(server);
  operations = await readOperations();
});
afterAll(() => server.stop());

interface Operation {
  readonly name: string;
  readonly document: string;
  /** Every place a value can be put, as a path into the variables. */
  readonly inputs: readonly (readonly string[])[];
  /** Variables with everything that is required. */
  required(): Record<string, unknown>;
}

/** All operations that take arguments, as the server itself describes them. */
async function readOperations(): Promise<Operation[]> {
  const { data } = await server.client.graphql<IntrospectionQuery>(getIntrospectionQuery());
  const schema = buildClientSchema(data);
  return (['query', 'mutation'] as const).flatMap((kind) => {
    const root = kind === 'query' ? schema.getQueryType() : schema.getMutationType();
    return Object.values(root?.getFields() ?? {})
      .filter((field) => field.args.length > 0)
      .map((field) => toOperation(kind, field));
  });
}

function toOperation(kind: string, field: GraphQLField<unknown, unknown>): Operation {
  const definitions = field.args.map(({ name, type }) => `$${name}: ${String(type)}`);
  const passed = field.args.map(({ name }) => `${name}: $${name}`);
  const type = getNullableType(field.type);
  const isPayload = isObjectType(type) && 'errors' in type.getFields();
  return {
    name: field.name,
    document: `${kind} (${definitions.join(', ')}) {
      ${field.name}(${passed.join(', ')}) { ${isPayload ? 'errors { code }' : '__typename'} }
    }`,
    inputs: field.args.flatMap((argument) => pathsInto([argument.name], argument.type)),
    required: () => {
      const values = Object.fromEntries(
        field.args.filter(isRequiredArgument).map(({ name, type }) => [name, sample(name, type)]),
      );
      // A new password would end the session the next values need.
      if (field.name !== 'changePassword') return values;
      return withValue(values, ['input', 'currentPassword'], 'not the password');
    },
  };
}

function pathsInto(path: readonly string[], type: GraphQLInputType): (readonly string[])[] {
  const nullable = getNullableType(type);
  if (!isInputObjectType(nullable)) return [path];
  const fields = Object.values(nullable.getFields());
  return [path, ...fields.flatMap((field) => pathsInto([...path, field.name], field.type))];
}

/** A value that passes, so that the others are looked at too. */
function sample(name: string, type: GraphQLInputType): unknown {
  const nullable = getNullableType(type);
  if (isListType(nullable)) return [];
  if (isInputObjectType(nullable)) {
    const required = Object.values(nullable.getFields()).filter(isRequiredInputField);
    return Object.fromEntries(
      required.map((field) => [field.name, sample(field.name, field.type)]),
    );
  }
  if (/password/i.test(name)) return password;
  return /email/i.test(name) ? newEmail() : 'User';
}

function withValue(
  variables: Record<string, unknown>,
  [first = '', ...rest]: readonly string[],
  value: unknown,
): Record<string, unknown> {
  const inner = (variables[first] ?? {}) as Record<string, unknown>;
  return { ...variables, [first]: rest.length === 0 ? value : withValue(inner, rest, value) };
}

const answerable = ['BAD_USER_INPUT', 'FORBIDDEN'];

/** Puts each value into each input of an operation, as an Owner, who reaches everything. */
async function feed(operation: Operation, values: readonly unknown[]): Promise<void> {
  // Some values sign the caller out; then the next one needs a session that is not.
  const signsOut = operation.name.startsWith('logout');
  const client = await signInAgain(owner, server.client);
  const tryValue = async (path: readonly string[], value: unknown) => {
    const caller = signsOut ? await signInAgain(owner, server.client) : client;
    const variables = withValue(operation.required(), path, value);
    const { status, errors } = await caller.graphql(operation.document, variables);
    const what = `${operation.name} ${path.join('.')} ${JSON.stringify(value).slice(0, 60)}`;
    expect([200, 400], what).toContain(status);
    for (const { extensions } of errors) {
      expect(signsOut ? [...answerable, 'UNAUTHENTICATED'] : answerable, what).toContain(
        extensions.code,
      );
    }
  };
  for (const path of operation.inputs) {
    await Promise.all(values.map((value) => tryValue(path, value)));
  }
}

async function expectNoHarm(): Promise<void> {
  expect(server.logged.filter((line) => line.includes('unforeseen'))).toEqual([]);
  expect(await whoIs(await signInAgain(owner, server.client))).toBe(owner.id);
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
}

test('no text in any input of any operation is a fault', async () => {
  expect(operations.length).toBeGreaterThan(10);
  for (const operation of operations) await feed(operation, naughtyStrings);
  await expectNoHarm();
}, 120_000);

test('no value of a wrong type in any input of any operation is a fault', async () => {
  for (const operation of operations) await feed(operation, wrongTypes);
  await expectNoHarm();
}, 120_000);

test('texts as long as a request may be hold nobody up', async () => {
  // Every text that is read at all; one operation of each kind, for they share how they read.
  const read = ['email', 'password', 'username', 'firstName', 'userId', 'role', 'search'];
  const seen = new Set<string>();
  for (const operation of operations) {
    const inputs = operation.inputs.filter((path) => {
      const name = path.at(-1) ?? '';
      return read.includes(name) && !seen.has(`${operation.name.slice(0, 5)} ${name}`);
    });
    for (const path of inputs) seen.add(`${operation.name.slice(0, 5)} ${path.at(-1)}`);
    await feed({ ...operation, inputs }, hugeStrings);
  }
  await expectNoHarm();
}, 120_000);

test('naughty arguments of fields are no fault either', async () => {
  const client = await signInAgain(owner, server.client);
  for (const name of naughtyStrings) {
    const { data, errors } = await client.graphql<{ me: { hasRole: boolean } }>(
      'query ($name: String!) { me { hasRole(name: $name) } }',
      { name },
    );
    expect(errors).toEqual([]);
    expect(data.me.hasRole).toBe(false);
  }
});
