import { defineConfig } from 'vitest/config';
import { isShort } from './tests/faults/form.ts';
import { canMountSmallDisk } from './tests/faults/small-disk.ts';
import suite from './vitest.config.ts';

const hasFullDisk = !isShort && canMountSmallDisk();
if (!isShort && !hasFullDisk) {
  process.stdout.write('No test of a full disk: no file system can be mounted here.\n');
}

// What takes away what the server stands on, and so wants the machine for itself for some minutes;
// with FAULTS=short a part of it, in less than one.
export default defineConfig({
  ...suite,
  test: {
    ...suite.test,
    include: ['tests/faults/*.faults.ts'],
    exclude: hasFullDisk ? [] : ['tests/faults/full-disk.faults.ts'],
    // In the short form most of it is waiting; the long form looks at how long things take.
    maxWorkers: isShort ? 3 : 1,
    testTimeout: 300_000,
    hookTimeout: 120_000,
  },
});
