import { existsSync, readFileSync } from 'node:fs';
import { buildingLicences, explainedOverrides, shippedLicences } from './explained.ts';
import { licenceFaults, type Licensed } from './licences.ts';
import { lockFileFaults, overrideFaults, type LockFile, type Manifest } from './lock-file.ts';

// What the packages we stand on are, where they come from and what they may be used for, as far as
// it can be told without asking anybody. Part of `npm run check`.

const read = <Content>(path: string) => JSON.parse(readFileSync(path, 'utf8')) as Content;

const manifest = read<Manifest>('package.json');
const lock = read<LockFile>('package-lock.json');
const benches = read<LockFile>('bench/package-lock.json');

/** Told by the package itself, or by the lock file where it is not installed on this system. */
function licensed(isDevelopment: boolean): Licensed[] {
  return Object.entries(lock.packages)
    .filter(([path, { dev = false }]) => path !== '' && dev === isDevelopment)
    .map(([path, { license }]) => {
      const own = `${path}/package.json`;
      return { path, licence: existsSync(own) ? read<{ license?: string }>(own).license : license };
    });
}

const faults = [
  ...lockFileFaults(manifest, lock),
  ...lockFileFaults(read<Manifest>('bench/package.json'), benches),
  ...overrideFaults(manifest, explainedOverrides),
  ...licenceFaults(licensed(false), shippedLicences),
  ...licenceFaults(licensed(true), buildingLicences),
];

for (const fault of faults) process.stderr.write(`${fault}\n`);
process.exitCode = faults.length > 0 ? 1 : 0;
