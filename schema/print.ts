import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { printSchemaWithDirectives } from '@graphql-tools/utils';
import { buildSchema } from 'graphql';
import { createSchema } from '../src/schema.ts';
import { renderReference } from './reference.ts';

// Writes the API as SDL, directives included, and as the reference that people read; with --check,
// only says whether the files are current.
const sdl = `${printSchemaWithDirectives(createSchema())}\n`;
const files = new Map([[new URL('./schema.graphql', import.meta.url), sdl]]);
const reference = new URL('../docs/reference/', import.meta.url);
for (const [name, text] of renderReference(buildSchema(sdl))) {
  files.set(new URL(name, reference), text);
}

if (process.argv.includes('--check')) {
  const stale = [...files].filter(([file, text]) => readFileSync(file, 'utf8') !== text);
  for (const [{ pathname }] of stale) {
    process.stderr.write(`${pathname} is out of date: run npm run schema.\n`);
    process.exitCode = 1;
  }
} else {
  mkdirSync(reference, { recursive: true });
  for (const [file, text] of files) writeFileSync(file, text);
}
