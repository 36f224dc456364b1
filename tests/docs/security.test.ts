import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const text = readFileSync('docs/security.md', 'utf8');

/** How many rows each section of the chapters has, of all levels. */
const sections: Readonly<Record<string, number>> = {
  ...{ '6.1': 3, '6.2': 12, '6.3': 8, '6.4': 6, '6.5': 8, '6.6': 4, '6.7': 2, '6.8': 4 },
  ...{ '7.1': 3, '7.2': 4, '7.3': 2, '7.4': 5, '7.5': 3, '7.6': 2 },
  ...{ '8.1': 4, '8.2': 4, '8.3': 3, '8.4': 2, '9.1': 3, '9.2': 4 },
};

const rows = [
  ...text.matchAll(/^\| (\d+\.\d+\.\d+) +\| (\d) +\| (.+?) +\| (.+?) +\| (.+) \|$/gm),
].map(([, id = '', level = '', , state = '', how = '']) => ({
  id,
  level: Number(level),
  state,
  how,
}));

/** Each test file that is named, and the titles that follow it. */
const named = [...text.matchAll(/`(tests\/[\w./-]+\.ts)`((?:,?\s*“[^”]+”)*)/g)].map(
  ([, file = '', titles = '']) => ({
    file,
    titles: [...titles.matchAll(/“([^”]+)”/g)].map(([, title = '']) => title.replace(/\s+/g, ' ')),
  }),
);

describe('docs/security.md', () => {
  test('has every row of the chapters once, and no other', () => {
    const wanted = Object.entries(sections).flatMap(([section, count]) =>
      Array.from({ length: count }, (_, index) => `${section}.${index + 1}`),
    );
    expect(rows.map(({ id }) => id)).toEqual(wanted);
  });

  test('says of each whether it is met, and how or why not', () => {
    for (const { id, state, how, level } of rows) {
      expect([id, state]).toEqual([id, expect.stringMatching(/^(met|not met|not applicable)$/)]);
      expect([id, how.trim() === '']).toEqual([id, false]);
      expect([1, 2, 3]).toContain(level);
    }
  });

  test('counts them right', () => {
    const counted = (levels: readonly number[]) =>
      ['met', 'not met', 'not applicable']
        .map((state) => {
          const found = rows.filter((row) => levels.includes(row.level) && row.state === state);
          return `${found.length} ${state}`;
        })
        .join(', ');
    const told = text.replace(/\s+/g, ' ');
    expect(told).toContain(`At levels 1 and 2: ${counted([1, 2])}.`);
    expect(told).toContain(`At level 3: ${counted([3])}.`);
  });

  test('names tests that are there, by titles they have', () => {
    expect(named.length).toBeGreaterThan(70);
    for (const { file, titles } of named) {
      expect([file, existsSync(file)]).toEqual([file, true]);
      const source = readFileSync(file, 'utf8');
      for (const title of titles)
        expect([file, title, source.includes(`'${title}'`)]).toEqual([file, title, true]);
    }
  });

  test('leaves no test file out that is said to hold properties', () => {
    for (const topic of ['tokens', 'limits', 'ranks', 'cursors', 'custom-fields']) {
      expect(text).toContain(`\`tests/properties/${topic}.test.ts\``);
    }
  });
});

test('SECURITY.md says how to report, and leads to what is promised', () => {
  const policy = readFileSync('SECURITY.md', 'utf8');
  expect(policy).toContain('Report a vulnerability');
  expect(policy).toContain('](docs/security.md)');
  expect(policy).not.toMatch(/[\w.]+@[\w.]+\.\w+/);
});
