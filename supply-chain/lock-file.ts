/** As much of `package.json` as says what is to be installed. */
export interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly overrides?: Readonly<Record<string, unknown>>;
}

/** One package of the lock file, under the path it is installed at. */
export interface LockedPackage {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

export interface LockFile {
  readonly lockfileVersion: number;
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

const registry = 'https://registry.npmjs.org/';

/** Everything in a lock file that could bring in what nobody has read, in words. */
export function lockFileFaults(manifest: Manifest, lock: LockFile): string[] {
  const installed = Object.entries(lock.packages).filter(([path]) => path !== '');
  return [
    ...(lock.lockfileVersion === 3 ? [] : ['The lock file is not of version 3.']),
    ...installed.flatMap(([path, entry]) => packageFaults(path, entry)),
    ...directDependencies(manifest).flatMap(([name, wanted]) => directFaults(name, wanted, lock)),
  ];
}

/** Overrides that nobody explained, and explanations of none. */
export function overrideFaults(
  { overrides = {} }: Manifest,
  reasons: Readonly<Record<string, string>>,
): string[] {
  const unexplained = Object.keys(overrides).filter((name) => !reasons[name]);
  const left = Object.keys(reasons).filter((name) => !Object.hasOwn(overrides, name));
  return [
    ...unexplained.map((name) => `The override of ${name} is not explained.`),
    ...left.map((name) => `There is no override of ${name} any more.`),
  ];
}

function packageFaults(path: string, entry: LockedPackage): string[] {
  const faults: string[] = [];
  if (!path.startsWith('node_modules/')) faults.push(`${path} is not below node_modules.`);
  // Without a digest anything could be delivered; SHA-1 has been forged.
  if (!/^sha512-[A-Za-z0-9+/]{86}==$/.test(entry.integrity ?? '')) {
    faults.push(`${path} has no SHA-512 digest.`);
  }
  if (entry.resolved !== undefined && !entry.resolved.startsWith(registry)) {
    faults.push(`${path} comes from ${entry.resolved}.`);
  }
  if (!/^\d+\.\d+\.\d+/.test(entry.version ?? '')) faults.push(`${path} has no version.`);
  const wanted = Object.entries({ ...entry.dependencies, ...entry.optionalDependencies });
  return [
    ...faults,
    ...wanted
      .filter(([, range]) => isElsewhere(range))
      .map(([name, range]) => `${path} wants ${name} from ${range}.`),
  ];
}

/** What is asked for by ourselves is asked for in one version: a range would follow whoever publishes. */
function directFaults(name: string, wanted: string, lock: LockFile): string[] {
  const version = wanted.replace(/^npm:.+@/, '');
  if (isElsewhere(wanted)) return [`package.json wants ${name} from ${wanted}.`];
  if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)) {
    return [`package.json wants ${name} as ${wanted}, not in one version.`];
  }
  const locked = lock.packages[`node_modules/${name}`]?.version;
  return locked === version
    ? []
    : [`package.json wants ${name} ${version}, the lock file has ${locked ?? 'none'}.`];
}

function directDependencies(manifest: Manifest): [string, string][] {
  const { dependencies, devDependencies, optionalDependencies } = manifest;
  return Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies });
}

/** Git, an address, a folder, or `owner/repository`; a name under another name is `npm:`. */
function isElsewhere(range: string): boolean {
  return /^(?!npm:)[a-z+]+:|^~?[./]|^[\w-]+\/[\w.-]+/i.test(range);
}
