import {
  Kind,
  isEnumType,
  isInputObjectType,
  isObjectType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
} from 'graphql';
import { describe, expect, test } from 'vitest';
import { createSchema } from '../../src/schema.ts';
import type { Agreement } from './agreed/agreement.ts';
import { apiKey } from './agreed/api-key.ts';
import { directory } from './agreed/directory.ts';
import { customField } from './agreed/custom-field.ts';
import { audit } from './agreed/audit.ts';
import { avatar } from './agreed/avatar.ts';
import { email } from './agreed/email.ts';
import { mail } from './agreed/mail.ts';
import { outcomes } from './agreed/outcomes.ts';
import { password } from './agreed/password.ts';
import { profile } from './agreed/profile.ts';
import { registration } from './agreed/registration.ts';
import { role } from './agreed/role.ts';
import { session } from './agreed/session.ts';
import { userFields } from './agreed/user-fields.ts';
import { user } from './agreed/user.ts';
import { webhook } from './agreed/webhook.ts';

const schema = createSchema();

const agreements: readonly Agreement[] = [
  apiKey,
  audit,
  avatar,
  directory,
  customField,
  email,
  mail,
  outcomes,
  password,
  profile,
  registration,
  role,
  session,
  user,
  userFields,
  webhook,
];

function agreed<Part extends keyof Agreement>(part: Part) {
  return agreements.flatMap((one) => Object.entries(one[part] ?? {})) as [
    string,
    NonNullable<Agreement[Part]>[string],
  ][];
}

/** `name: Type = default`, as SDL has it. */
function signature(part: GraphQLArgument | GraphQLInputField | GraphQLField<unknown, unknown>) {
  const value: unknown = 'defaultValue' in part ? part.defaultValue : undefined;
  const suffix = value === undefined ? '' : ` = ${JSON.stringify(value)}`;
  return `${part.name}: ${String(part.type)}${suffix}`;
}

function fieldsOf(typeName: string) {
  const type = schema.getType(typeName);
  if (!isObjectType(type) && !isInputObjectType(type)) throw new Error(`${typeName} is missing.`);
  return Object.values<GraphQLField<unknown, unknown> | GraphQLInputField>(type.getFields());
}

describe.each(['Query', 'Mutation'] as const)('%s', (root) => {
  test.each(agreed(root))('has %s as agreed', (name, { args = [], type }) => {
    const field = fieldsOf(root).find((one) => one.name === name);
    expect(String(field?.type)).toBe(type);
    const given = (field !== undefined && 'args' in field ? field.args : []).map((arg) =>
      // What `sort` defaults to is ours to choose.
      arg.name === 'sort' ? `${arg.name}: ${String(arg.type)}` : signature(arg),
    );
    expect([...given].sort()).toEqual([...args].sort());
  });

  test('has nothing whose access was not decided here', () => {
    const said = fieldsOf(root).map(({ name, astNode }) => [
      name,
      (astNode?.directives ?? [])
        .map(({ name: { value }, arguments: given = [] }) => {
          const told = given.flatMap(({ name, value: said }) =>
            said.kind === Kind.ENUM ? [`${name.value}: ${said.value}`] : [],
          );
          return value === 'auth' ? `@auth(${told.join(', ')})` : `@${value}`;
        })
        .filter((directive) => directive !== '@rateLimit')
        .join(' '),
    ]);
    const decided = agreed(root).map(([name, { access }]) => [name, access]);
    expect(said.sort()).toEqual(decided.sort());
  });
});

test.each(agreed('types'))('%s has the agreed fields', (typeName, wanted) => {
  expect(fieldsOf(typeName).map(signature)).toEqual(expect.arrayContaining([...wanted]));
});

test.each(agreed('enums'))('%s has the agreed values', (typeName, wanted) => {
  const type = schema.getType(typeName);
  const values = isEnumType(type) ? type.getValues().map((value) => value.name) : [];
  expect(values).toEqual(expect.arrayContaining([...wanted]));
});

test('no type holds a password, a secret or a hash, but for one which was just made', () => {
  const fields = Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter(({ name }) => !['Query', 'Mutation'].includes(name))
    .flatMap((type) => Object.keys(type.getFields()).map((field) => `${type.name}.${field}`));
  // The type's own name may say what it is about; only the name of the field counts.
  const telling = fields.filter((path) => /\..*(password|hash|secret)/i.test(path));
  expect(telling).toEqual(['ApiKeyPayload.secret', 'WebhookPayload.secret']);
});
