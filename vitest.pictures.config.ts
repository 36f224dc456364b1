import { defineConfig } from 'vitest/config';
import suite from './vitest.config.ts';

// Takes the pictures of the documentation anew.
export default defineConfig({
  ...suite,
  test: { ...suite.test, include: ['tests/playground/*.picture.ts'] },
});
