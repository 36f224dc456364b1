import {
  getIntrospectionQuery,
  graphqlSync,
  type IntrospectionQuery,
  type IntrospectionType,
} from 'graphql';
import { expect, test } from 'vitest';
import { createSchema } from '../../src/schema.ts';

const builtIn = ['String', 'Int', 'Float', 'Boolean', 'ID'];

interface Described {
  readonly name: string;
  readonly description?: string | null | undefined;
}

/** Everything a client reads in the schema: `Type`, `Type.field`, `Type.field(argument)`. */
function everything(): { name: string; description: string }[] {
  const { data } = graphqlSync({
    schema: createSchema(),
    source: getIntrospectionQuery({ inputValueDeprecation: true }),
  });
  const { types, directives } = (data as unknown as IntrospectionQuery).__schema;
  const ours = types.filter(({ name }) => !name.startsWith('__') && !builtIn.includes(name));
  return [
    ...ours.flatMap(partsOf),
    ...directives.flatMap((one) => withArguments(`@${one.name}`, one)),
  ];
}

function partsOf(type: IntrospectionType) {
  // Introspection has null where a kind of type has no such parts.
  const fields = ('fields' in type ? type.fields : null) ?? [];
  const inputs = ('inputFields' in type ? type.inputFields : null) ?? [];
  const values = ('enumValues' in type ? type.enumValues : null) ?? [];
  return [
    entry(type.name, type),
    ...fields.flatMap((field) => withArguments(`${type.name}.${field.name}`, field)),
    ...[...inputs, ...values].map((part) => entry(`${type.name}.${part.name}`, part)),
  ];
}

function withArguments(name: string, one: Described & { readonly args: readonly Described[] }) {
  return [
    entry(name, one),
    ...one.args.map((argument) => entry(`${name}(${argument.name})`, argument)),
  ];
}

const entry = (name: string, { description }: Described) => ({
  name,
  description: description ?? '',
});

test('every type, field, argument, enum value and directive is described', () => {
  const all = everything();
  expect(all.length).toBeGreaterThan(150);
  expect(
    all.filter(({ description }) => description.trim() === '').map(({ name }) => name),
  ).toEqual([]);
});

test('descriptions are sentences', () => {
  const unfinished = everything().filter(
    ({ description }) => !/^\S[^]*[.:!?)`]$/.test(description),
  );
  expect(unfinished).toEqual([]);
});
