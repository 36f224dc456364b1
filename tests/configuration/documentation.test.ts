import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { readConfig, variableNames } from '../../src/config/config.ts';

const root = new URL('../../', import.meta.url);

/** The rows of the manual's tables: the variable and its default, as written. */
async function documented(): Promise<{ name: string; byDefault: string }[]> {
  const manual = await readFile(new URL('docs/configuration.md', root), 'utf8');
  return [...manual.matchAll(/^\| *`([A-Z][A-Z_0-9]*)` *\| *([^|]*?) *\|/gm)].map(
    ([, name = '', byDefault = '']) => ({ name, byDefault }),
  );
}

test('docs/configuration.md lists exactly the variables that are read, each once', async () => {
  const names = (await documented()).map(({ name }) => name);
  expect([...names].sort()).toEqual([...variableNames].sort());
});

test('docs/configuration.md says what it means to leave a variable out', async () => {
  const rows = await documented();
  const written = rows.flatMap(({ name, byDefault }) => {
    const [, value] = /^`([^`]*)`$/.exec(byDefault) ?? [];
    return value === undefined ? [] : [{ name, value }];
  });
  // Defaults that are values and not words: setting them must change nothing.
  const values = written.filter(({ name }) => name !== 'APP_URL');
  expect(values.length).toBeGreaterThan(15);
  for (const { name, value } of values) {
    expect(readConfig({ [name]: value }), name).toEqual(readConfig({}));
  }
});

test('only src/config/config.ts reads the environment of the process', async () => {
  const files: string[] = [];
  for (const folder of ['src', 'migrations', 'schema', 'playground']) {
    const names = await readdir(new URL(folder, root), { recursive: true });
    files.push(...names.map((name) => `${folder}/${name}`));
  }
  const sources = files.filter((name) => /\.(ts|tsx)$/.test(name));
  expect(sources.length).toBeGreaterThan(50);
  const reading = /process\s*\.\s*env|process\[|import\.meta\.env|\benv\b.* from 'node:process'/;
  const readers: string[] = [];
  for (const name of sources) {
    if (reading.test(await readFile(new URL(name, root), 'utf8'))) readers.push(name);
  }
  expect(readers).toEqual(['src/config/config.ts']);
});
