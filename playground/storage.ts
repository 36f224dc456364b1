/** GraphiQL writes this before the names of all it keeps. */
const PREFIX = 'graphiql:';

/** The password of the examples is public, and they should still work after a reload. */
export const EXAMPLE_PASSWORD = 'correct horse battery';

const SECRET_VALUE = /(\w*(?:password|token|secret)\w*"?\s*:\s*)"((?:[^"\\\n]|\\.)*)"/gi;

/**
 * The browser's storage without the secrets. GraphiQL's history would keep the headers, and with
 * them the tokens, of every call; the tabs would keep the passwords that were typed into them.
 */
export const cautiousStorage = {
  getItem: (key: string): string | null => localStorage.getItem(key),
  setItem: (key: string, value: string): void => {
    localStorage.setItem(key, withoutSecrets(key, value));
  },
  removeItem: (key: string): void => localStorage.removeItem(key),
  clear: (): void => ownKeys().forEach((key) => localStorage.removeItem(key)),
  get length(): number {
    return ownKeys().length;
  },
};

function ownKeys(): string[] {
  return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
}

function withoutSecrets(key: string, value: string): string {
  switch (key.slice(PREFIX.length)) {
    case 'tabState':
    case 'queries':
    case 'favorites':
      return JSON.stringify(JSON.parse(value, forgetSecrets));
    case 'query':
    case 'variables':
      return withoutSecretValues(value);
    case 'headers':
      return '';
    default:
      return value;
  }
}

/** GraphiQL keeps tabs and history as JSON, in which each operation is one text. */
function forgetSecrets(key: string, value: unknown): unknown {
  if (key === 'headers' || key === 'response') return null;
  return typeof value === 'string' ? withoutSecretValues(value) : value;
}

function withoutSecretValues(text: string): string {
  return text.replace(SECRET_VALUE, (match: string, name: string, secret: string) =>
    secret === EXAMPLE_PASSWORD ? match : `${name}""`,
  );
}
