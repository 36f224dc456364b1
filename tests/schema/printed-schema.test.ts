import { readFile } from 'node:fs/promises';
import { printSchemaWithDirectives } from '@graphql-tools/utils';
import { buildSchema, type GraphQLObjectType } from 'graphql';
import { beforeAll, describe, expect, test } from 'vitest';
import { createSchema } from '../../src/schema.ts';

let printed: string;
beforeAll(async () => {
  printed = await readFile(new URL('../../schema/schema.graphql', import.meta.url), 'utf8');
});

describe('schema/schema.graphql', () => {
  test('is what the code serves; npm run schema writes it', () => {
    expect(printed).toBe(`${printSchemaWithDirectives(createSchema())}\n`);
  });

  test('says of every query and mutation who may call it', () => {
    const schema = buildSchema(printed);
    for (const type of [schema.getQueryType(), schema.getMutationType()]) {
      for (const { name, directives } of rootFields(type)) {
        const says = directives.filter((directive) => ['auth', 'public'].includes(directive));
        expect(says, name).toHaveLength(1);
      }
    }
  });

  test('limits every operation that takes a password or a picture, or is open to strangers and writes', () => {
    const schema = buildSchema(printed);
    const limited = rootFields(schema.getMutationType()).filter(({ directives }) =>
      directives.includes('rateLimit'),
    );
    expect(limited.map(({ name }) => name).sort()).toEqual([
      'changePassword',
      'confirmEmail',
      'confirmEmailChange',
      'login',
      'register',
      'requestEmailChange',
      'requestEmailConfirmation',
      'requestPasswordReset',
      'resetPassword',
      'transferOwnership',
      'updateAvatar',
      'verifyCredentials',
    ]);
  });
});

function rootFields(type: GraphQLObjectType | null | undefined) {
  const fields = Object.values(type?.getFields() ?? {});
  expect(fields.length).toBeGreaterThan(0);
  return fields.map((field) => ({
    name: field.name,
    directives: (field.astNode?.directives ?? []).map((directive) => directive.name.value),
  }));
}
