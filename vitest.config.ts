import path from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Decorators as tsconfig.json says, for esbuild and oxc alike.
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: false } },
  resolve: {
    // Vite would load graphql's .mjs while TypeGraphQL requires its .js: two realms of one library.
    alias: [
      { find: /^graphql$/, replacement: 'graphql/index.js' },
      {
        find: /^\.\/bcrypt-thread\.ts$/,
        replacement: path.resolve('tests/support/built-bcrypt-thread.ts'),
      },
    ],
  },
  test: {
    include: ['tests/**/*.test.ts'],
    globalSetup: ['tests/support/global-setup.ts'],
    pool: 'forks',
    // Much of a test is waiting, for the database, a browser or a mail.
    maxWorkers: 4,
    isolate: false,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
