import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { secretSearch, type Secret } from './secret-search.ts';

export interface Inspection {
  readonly secrets: number;
  readonly characters: number;
  /** What was found, by the file and the kind of secret, and never the secret itself. */
  readonly leaks: readonly string[];
}

/** Looks for every secret of a run in everything that was logged in it. */
export async function inspectLogs(folder: string): Promise<Inspection> {
  const names = await readdir(folder).catch(() => []);
  const secrets = new Map<string, Secret>();
  for (const name of names.filter((one) => one.endsWith('.secrets'))) {
    for (const line of (await readFile(join(folder, name), 'utf8')).split('\n').filter(Boolean)) {
      const secret = JSON.parse(line) as Secret;
      secrets.set(secret.value, secret);
    }
  }
  const search = secretSearch([...secrets.values()]);
  const leaks: string[] = [];
  let characters = 0;
  for (const name of names.filter((one) => one.endsWith('.log'))) {
    const text = await readFile(join(folder, name), 'utf8');
    characters += text.length;
    const lines = text.split('\n');
    for (const { kind, value } of search(text)) {
      const line = 1 + lines.findIndex((one) => one.includes(value));
      leaks.push(`${name}, line ${line}: a ${kind} (${messageOf(lines[line - 1], value)})`);
    }
  }
  return { secrets: secrets.size, characters, leaks };
}

/** What the line was about, to find who wrote it. */
function messageOf(line = '', value: string): string {
  const [, message = ''] = /"msg":"([^"]*)"/.exec(line) ?? [];
  return message.replaceAll(value, '…') || 'no message';
}
