import { appendFileSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';
import { isTelling } from './secret-search.ts';

/** Names of values that nobody else may see, in variables, answers and the environment. */
const secretNames: readonly [pattern: RegExp, kind: string][] = [
  [/^(current|new)?password(confirmation)?$/i, 'password'],
  [/^accessToken$/, 'access token'],
  [/token$/i, 'token'],
  [/^(secret|.*_SECRET|.*_KEY)$/, 'key or secret'],
];

const told = new Set<string>();
let logFile: number | undefined;
let logOfProcess = 0;

/** The folder in which a run keeps what was logged and which secrets it used, until its end. */
const folder = () => join(inject('temporaryFolder'), 'logged');

/** From here on the value must be in no log of the run. */
export function keepSecret(kind: string, value: unknown): void {
  if (typeof value !== 'string' || !isTelling(value) || told.has(value)) return;
  told.add(value);
  mkdirSync(folder(), { recursive: true });
  const line = `${JSON.stringify({ kind, value })}\n`;
  appendFileSync(join(folder(), `${process.pid}.secrets`), line);
}

/** Keeps what is secret by its name, however deep it lies. */
export function keepSecretsIn(data: unknown, depth = 0): void {
  if (typeof data !== 'object' || data === null || depth > 6) return;
  for (const [name, value] of Object.entries(data)) {
    const kind = secretNames.find(([pattern]) => pattern.test(name))?.[1];
    if (kind !== undefined) keepSecret(kind, value);
    keepSecretsIn(value, depth + 1);
  }
}

/** Keeps what an environment holds: keys, and the passwords in addresses. */
export function keepSecretsOfEnvironment(environment: Readonly<Record<string, string>>): void {
  keepSecretsIn(environment);
  for (const [name, value] of Object.entries(environment)) {
    if (!URL.canParse(value)) continue;
    const { password, searchParams } = new URL(value);
    keepSecret(`password in ${name}`, decodeURIComponent(password));
    keepSecret(`secret in ${name}`, searchParams.get('secretAccessKey'));
  }
}

/** Keeps a line of the log of a server in this process. */
export function keepLogged(line: string): void {
  if (logFile === undefined) {
    mkdirSync(folder(), { recursive: true });
    logFile = openSync(join(folder(), `${process.pid}.log`), 'a');
  }
  writeSync(logFile, line);
}

/** Keeps all that a process has printed; `name` says which program it was. */
export function keepPrinted(name: string, printed: string): void {
  mkdirSync(folder(), { recursive: true });
  logOfProcess += 1;
  appendFileSync(join(folder(), `${process.pid}-${name}-${logOfProcess}.log`), printed);
}
