import { Kind, print, stripIgnoredCharacters, visit } from 'graphql';

/**
 * Writes the operations of `schema/operations/` for the client package, each once as text and once as
 * a parsed document, with the types that its neighbour generates. It fails for an operation that
 * asks for several root fields, and for a root field that no operation asks for: so the client has
 * a function for each.
 */
export function plugin(schema, documentFiles, { form }) {
  const definitions = documentFiles.flatMap(({ document }) => document?.definitions ?? []);
  const operations = definitions
    .filter(({ kind }) => kind === Kind.OPERATION_DEFINITION)
    .map((definition) => ({ definition, field: rootFieldOf(schema, definition) }));
  refuseMissing(schema, operations);
  const fragments = new Map(
    definitions
      .filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION)
      .map((fragment) => [fragment.name.value, fragment]),
  );
  const write = form === 'text' ? asText : asDocument;
  return {
    prepend: [
      form === 'text'
        ? "import type { Operation } from './operation.ts';"
        : "import type { TypedDocument } from './typed-document.ts';",
      "import type * as Types from './types.ts';",
    ],
    content: operations
      .map(({ definition, field }) => {
        const parts = [definition, ...fragmentsOf(definition, fragments)];
        return `\n${commentOf(field)}\n${write(definition, parts)}`;
      })
      .join('\n'),
  };
}

function rootFieldOf(schema, { operation, name, selectionSet: { selections } }) {
  const [selection, ...others] = selections;
  if (name === undefined || selection.kind !== Kind.FIELD || others.length > 0) {
    throw new Error(`The operation ${name?.value ?? '?'} has to have one root field, and a name.`);
  }
  return schema.getRootType(operation).getFields()[selection.name.value];
}

function refuseMissing(schema, operations) {
  const asked = new Set(operations.map(({ field }) => field));
  for (const type of [schema.getQueryType(), schema.getMutationType()]) {
    for (const field of Object.values(type.getFields())) {
      if (!asked.has(field)) throw new Error(`No operation in schema/operations: ${field.name}.`);
    }
  }
}

/** The fragments that a definition needs, those of its fragments included. */
function fragmentsOf(definition, fragments, found = new Set()) {
  visit(definition, {
    FragmentSpread({ name }) {
      const fragment = fragments.get(name.value);
      if (found.has(fragment)) return;
      found.add(fragment);
      fragmentsOf(fragment, fragments, found);
    },
  });
  return [...found];
}

/** What editors show beside the function: the schema's words, and who may call it how often. */
function commentOf({ description, astNode }) {
  const rules = (astNode?.directives ?? []).map((directive) => `\`${print(directive)}\``);
  return `/** ${[description, rules.join(' ')].join(' ').trim()} */`.replaceAll('\n', ' ');
}

function asText({ name, operation }, parts) {
  const text = stripIgnoredCharacters(parts.map(print).join('\n'));
  return `export const ${functionName(name.value)} = ${literal(text)} as ${typeOf('Operation', name.value, operation)};`;
}

function asDocument({ name, operation }, parts) {
  const document = { kind: Kind.DOCUMENT, definitions: parts.map(withoutPlaces) };
  return `export const ${name.value}Document = ${JSON.stringify(document)} as unknown as ${typeOf('TypedDocument', name.value, operation)};`;
}

function typeOf(type, name, operation) {
  const kind = operation === 'query' ? 'Query' : 'Mutation';
  return `${type}<Types.${name}${kind}, Types.${name}${kind}Variables>`;
}

const functionName = (name) => `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
const literal = (text) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

/** Where a part stood in its file is of no use to the reader, nor are lists with nothing in them. */
function withoutPlaces(definition) {
  return JSON.parse(
    JSON.stringify(definition, (key, value) =>
      key === 'loc' || (Array.isArray(value) && value.length === 0) ? undefined : value,
    ),
  );
}
