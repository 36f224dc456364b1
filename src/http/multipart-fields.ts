/** A multipart request that does not have the form the specification gives it. */
export class MultipartError extends Error {
  constructor(
    message: string,
    readonly statusCode: 400 | 413 = 400,
  ) {
    super(message);
    this.name = 'MultipartError';
  }
}

/** The field `operations`: what a request without files would have as its body. */
export function readOperations(text: string): object {
  const operations = parse(text);
  if (typeof operations !== 'object' || operations === null) {
    throw new MultipartError('The field operations must be JSON, with a query and its variables.');
  }
  return operations;
}

/** The field `map`: the name of the one file, and the paths in `operations` where it belongs. */
export function readMap(text: string): {
  readonly name: string;
  readonly paths: readonly string[];
} {
  const map = parse(text);
  if (typeof map !== 'object' || map === null || Array.isArray(map)) throw malformedMap();
  const [entry, ...others] = Object.entries(map);
  if (others.length > 0) throw new MultipartError('A request may have one file.', 413);
  if (entry === undefined || !isListOfText(entry[1])) throw malformedMap();
  return { name: entry[0], paths: entry[1] };
}

const malformedMap = () =>
  new MultipartError('The field map must be JSON such as { "0": ["variables.file"] }.');

function isListOfText(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // which no JSON is
  }
}

/** Puts the file where a path such as `variables.file` says; there `operations` has null. */
export function place(operations: object, path: string, file: object): void {
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  let holder: object | undefined = operations;
  for (const key of keys) holder = holder && ownObject(holder, key);
  // What is not there already is not made: a path must not reach what every object inherits.
  if (holder === undefined || own(holder, last) !== null) {
    throw new MultipartError(`The field map names ${path}, where operations has no null.`);
  }
  Object.assign(holder, { [last]: file });
}

function ownObject(holder: object, key: string): object | undefined {
  const value = own(holder, key);
  return typeof value === 'object' && value !== null ? value : undefined;
}

function own(holder: object, key: string): unknown {
  return Object.getOwnPropertyDescriptor(holder, key)?.value;
}
