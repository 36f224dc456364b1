// `npm run migrations` writes down what a new migration's file is; with --check it only compares.
// A migration that has run somewhere never runs there again: to change it is to have two schemas.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = import.meta.dirname;
const list = join(folder, 'checksums');
const isCheck = process.argv.includes('--check');

// In the form of `sha256sum`, so that it can be checked without this script as well.
const kept = new Map(
  readFileSync(list, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('  ').reverse()),
);
const files = readdirSync(folder).filter((name) => name.endsWith('.ts'));
const found = new Map(
  files.sort().map((name) => [
    name,
    createHash('sha256')
      .update(readFileSync(join(folder, name)))
      .digest('hex'),
  ]),
);

const faults = [...kept]
  .filter(([name, checksum]) => found.get(name) !== checksum)
  .map(
    ([name]) => `${name} was changed or removed after it was committed: write another migration`,
  );
const added = [...found.keys()].filter((name) => !kept.has(name));
if (isCheck) faults.push(...added.map((name) => `${name} is new: npm run migrations`));

if (faults.length > 0) {
  process.stderr.write(`${faults.map((fault) => `migrations/${fault}`).join('\n')}\n`);
  process.exit(1);
}
if (!isCheck) {
  writeFileSync(list, [...found].map(([name, checksum]) => `${checksum}  ${name}\n`).join(''));
}
