import { readFileSync, writeFileSync } from 'node:fs';
import { printSchemaWithDirectives } from '@graphql-tools/utils';
import { createSchema } from '../src/schema.ts';

// Writes the API as SDL, directives included; with --check, only says whether the file is current.
const file = new URL('./schema.graphql', import.meta.url);
const printed = `${printSchemaWithDirectives(createSchema())}\n`;

if (!process.argv.includes('--check')) {
  writeFileSync(file, printed);
} else if (readFileSync(file, 'utf8') !== printed) {
  process.stderr.write('schema/schema.graphql is out of date: run npm run schema.\n');
  process.exitCode = 1;
}
