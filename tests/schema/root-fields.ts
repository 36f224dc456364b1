import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLSchema,
} from 'graphql';
import type { Answer, Client } from '../support/client.ts';

export interface RootField {
  readonly root: 'query' | 'mutation';
  readonly name: string;
  readonly field: GraphQLField<unknown, unknown>;
}

/** Every query and every mutation. */
export function rootFieldsOf(schema: GraphQLSchema): RootField[] {
  const fieldsOf = (root: RootField['root'], type = schema.getQueryType()) =>
    Object.entries(type?.getFields() ?? {}).map(([name, field]) => ({ root, name, field }));
  return [...fieldsOf('query'), ...fieldsOf('mutation', schema.getMutationType())];
}

/** Calls one root field as `client`, with some value for all it must be given. */
export function call(client: Client, { root, field, name }: RootField): Promise<Answer<unknown>> {
  const document = callOf(root, field, name);
  const takesFile = field.args.some(({ type }) => getNamedType(type).name === 'Upload');
  if (!takesFile) return client.graphql(document);
  return client.upload(document, new Blob(['no picture']));
}

function callOf(
  root: RootField['root'],
  field: GraphQLField<unknown, unknown>,
  name: string,
): string {
  const given = required(field.args)
    .map((argument) => `${argument.name}: ${literalOf(argument.type)}`)
    .join(', ');
  const variables = given.includes('$file') ? '($file: Upload!)' : '';
  return `${root} ${variables} { ${name}${given && `(${given})`} ${selectionOf(field)} }`;
}

function required<Part extends GraphQLArgument | GraphQLInputField>(
  parts: readonly Part[],
): Part[] {
  return parts.filter((part) => isNonNullType(part.type) && part.defaultValue === undefined);
}

function literalOf(type: GraphQLInputType): string {
  if (isNonNullType(type)) return literalOf(type.ofType);
  if (isListType(type)) return `[${literalOf(type.ofType)}]`;
  if (isEnumType(type)) return type.getValues()[0]?.name ?? '';
  if (isInputObjectType(type)) {
    const fields = required(Object.values(type.getFields()));
    return `{ ${fields.map((one) => `${one.name}: ${literalOf(one.type)}`).join(', ')} }`;
  }
  if (type.name === 'Upload') return '$file';
  const literals: Record<string, string> = {
    Boolean: 'true',
    Int: '1',
    Float: '1',
    JSONObject: '{}',
  };
  return literals[type.name] ?? '"nothing of the kind"';
}

/** The first field that needs no selection of its own, however deep; nothing for a scalar. */
function selectionOf(field: GraphQLField<unknown, unknown>): string {
  const type = getNamedType(field.type);
  if (!isObjectType(type)) return '';
  const fields = Object.values(type.getFields()).filter((one) => required(one.args).length === 0);
  const [first] = fields;
  const simple = fields.find((one) => isLeafType(getNamedType(one.type))) ?? first;
  return simple === undefined ? '' : `{ ${simple.name} ${selectionOf(simple)} }`;
}
