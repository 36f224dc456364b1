import { defineConfig } from 'vitest/config';
import suite from './vitest.config.ts';

// What needs a quiet machine and some minutes, and so is no part of the suite.
export default defineConfig({
  ...suite,
  test: {
    ...suite.test,
    include: ['tests/timing/*.timing.ts'],
    maxWorkers: 1,
    testTimeout: 900_000,
    disableConsoleIntercept: true,
  },
});
