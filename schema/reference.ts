import {
  isEnumType,
  isInputObjectType,
  isIntrospectionType,
  isObjectType,
  isScalarType,
  isSpecifiedScalarType,
  type ConstDirectiveNode,
  type FieldDefinitionNode,
  type InputValueDefinitionNode,
  type GraphQLArgument,
  type GraphQLEnumType,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputObjectType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  type GraphQLType,
  getNamedType,
  print,
} from 'graphql';

/** The pages of the reference by their file names, for a schema that was built from SDL. */
export function renderReference(schema: GraphQLSchema): ReadonlyMap<string, string> {
  const types = Object.values(schema.getTypeMap())
    .filter((type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type))
    .sort((one, other) => one.name.localeCompare(other.name));
  const roots = [schema.getQueryType(), schema.getMutationType()];
  const objects = types.filter(isObjectType).filter((type) => !roots.includes(type));
  const page = (title: string, sections: readonly string[]) =>
    [`# ${title}`, generated, ...sections].join('\n\n') + '\n';
  return new Map([
    ['README.md', page('API reference', [howToRead, ...roots.map(contentsOf)])],
    ['queries.md', page('Queries', fieldsOf(roots[0]).map(operation))],
    ['mutations.md', page('Mutations', fieldsOf(roots[1]).map(operation))],
    ['objects.md', page('Objects', objects.map(object))],
    ['inputs.md', page('Inputs', types.filter(isInputObjectType).map(input))],
    ['enums.md', page('Enums', types.filter(isEnumType).map(enumeration))],
    ['scalars.md', page('Scalars', types.filter(isScalarType).map(heading))],
  ]);
}

const generated =
  '<!-- Written by `npm run schema` from the schema. Change the descriptions there. -->';

const howToRead = `Every operation is a field of \`Query\` or \`Mutation\` at \`POST /graphql\`, and says who may use it: a
rank includes those above it, and an API key needs the scope that is named. \`!\` marks what is never
null. Mutations return a payload whose \`errors\` say what was refused, each with a
[code](enums.md#errorcode); the [limits](enums.md#ratelimitname) and all else that a caller cannot
mend are top-level errors. The same as SDL is [schema/schema.graphql](../../schema/schema.graphql).

[Objects](objects.md) · [Inputs](inputs.md) · [Enums](enums.md) · [Scalars](scalars.md)`;

type Field = GraphQLField<unknown, unknown>;

function fieldsOf(type: GraphQLObjectType | null | undefined): Field[] {
  return Object.values(type?.getFields() ?? {}).sort((one, other) =>
    one.name.localeCompare(other.name),
  );
}

function contentsOf(root: GraphQLObjectType | null | undefined): string {
  const [title, file] =
    root?.name === 'Query' ? ['Queries', 'queries'] : ['Mutations', 'mutations'];
  const lines = fieldsOf(root).map(
    ({ name, description }) =>
      `- [${name}](${file}.md#${name.toLowerCase()}): ${oneLine(description)}`,
  );
  return `## ${title}\n\n${lines.join('\n')}`;
}

function operation(field: Field): string {
  return [
    heading(field),
    `For ${callers(field.astNode?.directives ?? [])}.`,
    ...listed('Arguments:', field.args.map(entry)),
    `Returns ${linked(field.type)}.`,
  ].join('\n\n');
}

/** Who may use a field and how often, in words, from its directives. */
function callers(directives: readonly ConstDirectiveNode[]): string {
  const auth = directives.find(({ name }) => name.value === 'auth');
  const limits = directives
    .filter(({ name }) => name.value === 'rateLimit')
    .map((directive) => `\`${argument(directive, 'name')}\``);
  const scope = auth && argument(auth, 'scope');
  return [
    auth === undefined ? 'everyone, signed in or not' : who[argument(auth, 'requires') ?? 'USER'],
    ...(scope === undefined
      ? []
      : [`${isForKeysOnly(auth) ? 'with' : 'and API keys with'} \`${scope}\``]),
    ...(auth && argument(auth, 'unconfirmed') === 'true'
      ? ['also before the address is confirmed']
      : []),
    ...(limits.length === 0 ? [] : [`limited by ${limits.join(' and ')}`]),
  ].join(', ');
}

const who: Readonly<Record<string, string>> = {
  USER: 'signed-in users',
  ADMIN: 'Admins',
  OWNER: 'Owners',
  KEY: 'API keys',
};

const isForKeysOnly = (auth: ConstDirectiveNode | undefined) =>
  auth !== undefined && argument(auth, 'requires') === 'KEY';

function argument(directive: ConstDirectiveNode, wanted: string): string | undefined {
  const found = directive.arguments?.find(({ name }) => name.value === wanted);
  return found && print(found.value);
}

function object(type: GraphQLObjectType): string {
  return [heading(type), ...listed('Fields:', fieldsInOrder(type).flatMap(fieldEntries))].join(
    '\n\n',
  );
}

const fieldsInOrder = (type: GraphQLObjectType): Field[] => Object.values(type.getFields());

function fieldEntries(field: Field): string[] {
  const isPrivate = field.astNode?.directives?.some(({ name }) => name.value === 'private');
  const visible =
    isPrivate === true ? ' Private: for the user, Admins and API keys with `USERS_READ`.' : '';
  return [entry(field) + visible, ...field.args.map((given) => `  ${entry(given)}`)];
}

function input(type: GraphQLInputObjectType): string {
  return [heading(type), ...listed('Fields:', Object.values(type.getFields()).map(entry))].join(
    '\n\n',
  );
}

function enumeration(type: GraphQLEnumType): string {
  const values = type
    .getValues()
    .map(({ name, description }) => `- \`${name}\`: ${oneLine(description)}`);
  return [heading(type), ...listed('Values:', values)].join('\n\n');
}

function heading({ name, description }: { name: string; description?: string | null | undefined }) {
  return `## ${name}\n\n${oneLine(description)}`;
}

const listed = (title: string, lines: readonly string[]) =>
  lines.length === 0 ? [] : [title, lines.join('\n')];

function entry(item: GraphQLArgument | GraphQLInputField | Field): string {
  return `- \`${item.name}\`: ${linked(item.type)}${preset(item.astNode)}. ${oneLine(item.description)}`;
}

function preset(node: InputValueDefinitionNode | FieldDefinitionNode | null | undefined): string {
  const value = node && 'defaultValue' in node ? node.defaultValue : undefined;
  return value === undefined ? '' : `, by default \`${print(value)}\``;
}

/** A type as it is written, leading to its description. */
function linked(type: GraphQLType): string {
  const named = getNamedType(type);
  const text = `\`${String(type)}\``;
  return isSpecifiedScalarType(named)
    ? text
    : `[${text}](${pageOf(named)}#${named.name.toLowerCase()})`;
}

function pageOf(type: GraphQLNamedType): string {
  if (isEnumType(type)) return 'enums.md';
  if (isInputObjectType(type)) return 'inputs.md';
  return isScalarType(type) ? 'scalars.md' : 'objects.md';
}

const oneLine = (description: string | null | undefined) =>
  (description ?? '').replaceAll(/\s+/g, ' ').trim();
