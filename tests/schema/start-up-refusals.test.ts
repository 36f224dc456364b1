import { buildSchema, parse, execute, type GraphQLSchema } from 'graphql';
import { describe, expect, test } from 'vitest';
import type { Actor } from '../../src/actor.ts';
import { Denial } from '../../src/errors.ts';
import type { SessionId, UserId } from '../../src/identifiers.ts';
import { blankPrivateFields, guardRootFields } from '../../src/graphql/auth.transformer.ts';
import { answerRefusals } from '../../src/graphql/payload.transformer.ts';

const directives = `
  directive @auth(requires: Rank! = USER) on FIELD_DEFINITION
  directive @public on FIELD_DEFINITION
  directive @private on FIELD_DEFINITION
  enum Rank { USER ADMIN OWNER }
`;

const schemaOf = (types: string) => buildSchema(`${directives} ${types}`);

describe('a schema does not start', () => {
  test.each([
    { what: 'a query', types: 'type Query { open: Int @public forgotten: Int }', field: 'Query' },
    {
      what: 'a mutation',
      types: 'type Query { open: Int @public } type Mutation { forgotten: Int }',
      field: 'Mutation',
    },
    {
      what: 'a subscription',
      types: 'type Query { open: Int @public } type Subscription { forgotten: Int }',
      field: 'Subscription',
    },
  ])('when $what does not say who may call it', ({ types, field }) => {
    expect(() => guardRootFields(schemaOf(types))).toThrow(
      `${field}.forgotten must say either @auth or @public.`,
    );
  });

  test('when a field says both', () => {
    const schema = schemaOf('type Query { torn: Int @public @auth(requires: ADMIN) }');
    expect(() => guardRootFields(schema)).toThrow('Query.torn must say either @auth or @public.');
  });

  test.each(['Int', 'User', '[User!]!', 'PayloadUser'])(
    'when a mutation returns %s instead of a payload',
    (type) => {
      const schema = buildSchema(`
        type Query { a: Int }
        type UserError { code: String }
        type User { id: ID }
        type PayloadUser { id: ID }
        type UserPayload { id: ID }
        type Mutation { change: ${type} }`);
      expect(() => answerRefusals(schema)).toThrow('Mutation.change must return a payload type.');
    },
  );
});

describe('a schema that says it all', () => {
  test('starts, and only root fields have to say anything', () => {
    const schema = schemaOf(`
      type Query { open: Thing @public closed: Int @auth owners: Int @auth(requires: OWNER) }
      type Thing { silent: Int }`);
    expect(() => guardRootFields(schema)).not.toThrow();
  });

  test('gives every payload its errors', () => {
    const schema = answerRefusals(
      buildSchema(`
        type Query { a: Int }
        type UserError { code: String }
        type ThingPayload { thing: Int }
        type Mutation { change: ThingPayload! }`),
    );
    expect(String(fieldsOf(schema, 'ThingPayload').errors?.type)).toBe('[UserError!]!');
  });

  test.each([
    {
      actor: { type: 'anonymous' },
      expected: { me: 'UNAUTHENTICATED', owners: 'UNAUTHENTICATED' },
    },
    { actor: someone('User'), expected: { me: 'ok', owners: 'FORBIDDEN' } },
    { actor: someone('Admin'), expected: { me: 'ok', owners: 'FORBIDDEN' } },
    { actor: someone('Owner', 'User'), expected: { me: 'ok', owners: 'ok' } },
    { actor: { type: 'system' }, expected: { me: 'UNAUTHENTICATED', owners: 'UNAUTHENTICATED' } },
  ] as { actor: Actor; expected: Record<string, string> }[])(
    'answers $actor as its directives say',
    async ({ actor, expected }) => {
      const schema = guardRootFields(
        schemaOf('type Query { me: Int @auth owners: Int @auth(requires: OWNER) }'),
      );
      const result = await execute({
        schema,
        document: parse('{ me owners }'),
        rootValue: { me: 1, owners: 1 },
        contextValue: { actor },
      });
      const codes: Record<string, string> = {};
      for (const { path, originalError } of result.errors ?? []) {
        if (originalError instanceof Denial) codes[String(path?.[0])] = originalError.code;
      }
      expect({ me: 'ok', owners: 'ok', ...codes }).toEqual(expected);
    },
  );

  test('blanks private fields for whoever may not see them', async () => {
    const schema = blankPrivateFields(
      schemaOf(
        'type Query { people: [Person] @public } type Person { id: ID email: String @private }',
      ),
      (actor, id) => actor.type === 'user' && actor.userId === id,
    );
    const result = await execute({
      schema,
      document: parse('{ people { id email } }'),
      rootValue: {
        people: [
          { id: 'me', email: 'me@example.com' },
          { id: 'you', email: 'you@example.com' },
        ],
      },
      contextValue: { actor: { type: 'user', userId: 'me' } },
    });
    expect(result.data).toEqual({
      people: [
        { id: 'me', email: 'me@example.com' },
        { id: 'you', email: null },
      ],
    });
  });
});

function someone(...roleNames: string[]): Actor {
  const [userId, sessionId] = ['x' as UserId, 'y' as SessionId];
  return { type: 'user', userId, sessionId, roleNames, confirmed: true };
}

function fieldsOf(schema: GraphQLSchema, typeName: string) {
  const type = schema.getType(typeName);
  return type !== undefined && 'getFields' in type ? type.getFields() : {};
}
