import { describe, expect, test } from 'vitest';
import { licenceFaults } from '../../supply-chain/licences.ts';
import {
  lockFileFaults,
  overrideFaults,
  type LockedPackage,
  type LockFile,
} from '../../supply-chain/lock-file.ts';

const integrity = `sha512-${'a'.repeat(86)}==`;
const good = { version: '1.2.3', integrity };

const lockOf = (entry: LockedPackage, path = 'node_modules/a'): LockFile => ({
  lockfileVersion: 3,
  packages: { '': {}, [path]: entry },
});

describe('the lock file', () => {
  const manifest = { dependencies: { a: '1.2.3' } };

  test('is good with one version and a digest for everything, from the registry', () => {
    expect(lockFileFaults(manifest, lockOf(good))).toEqual([]);
    const resolved = 'https://registry.npmjs.org/a/-/a-1.2.3.tgz';
    const ranges = { dependencies: { b: '~1.0.0', c: '^2', d: 'npm:e@1', f: '*', g: '>=1 <3' } };
    expect(lockFileFaults(manifest, lockOf({ ...good, resolved, ...ranges }))).toEqual([]);
  });

  test.each([
    ['no digest', { version: '1.2.3' }],
    ['a digest by SHA-1', { ...good, integrity: 'sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=' }],
    ['no version', { integrity }],
    ['another registry', { ...good, resolved: 'https://registry.example.com/a.tgz' }],
    [
      'a name like the registry’s',
      { ...good, resolved: 'https://registry.npmjs.org.evil.example/a' },
    ],
    ['no TLS', { ...good, resolved: 'http://registry.npmjs.org/a/-/a-1.2.3.tgz' }],
    ['git', { ...good, resolved: 'git+ssh://git@github.com/a/a.git#0123456' }],
    ['a dependency from git', { ...good, dependencies: { b: 'git+https://github.com/b/b.git' } }],
    ['a dependency from GitHub', { ...good, dependencies: { b: 'someone/b' } }],
    ['a dependency from an address', { ...good, dependencies: { b: 'https://b.example/b.tgz' } }],
    ['a dependency from a folder', { ...good, optionalDependencies: { b: 'file:../b' } }],
  ])('is refused with %s', (_, entry) => {
    expect(lockFileFaults(manifest, lockOf(entry))).not.toEqual([]);
  });

  test('is refused with a package outside of node_modules', () => {
    expect(lockFileFaults({}, lockOf(good, 'packages/a'))).not.toEqual([]);
  });

  test.each(['^1.2.3', '~1.2.3', '1', 'latest', '*', '1.2.4', 'someone/a', 'file:a', ''])(
    'is refused where we ask for %j, which is not the one version it has',
    (wanted) => {
      for (const kind of ['dependencies', 'devDependencies', 'optionalDependencies']) {
        expect(lockFileFaults({ [kind]: { a: wanted } }, lockOf(good))).toHaveLength(1);
      }
    },
  );
});

test('an override is explained, and nothing is explained that is no override', () => {
  const overrides = { a: '1.2.3', b: { c: '1.2.3' } };
  expect(overrideFaults({ overrides }, { a: 'for a reason', b: 'for another' })).toEqual([]);
  expect(overrideFaults({ overrides }, { a: 'for a reason' })).toEqual([
    'The override of b is not explained.',
  ]);
  expect(overrideFaults({}, { a: 'for a reason' })).toEqual([
    'There is no override of a any more.',
  ]);
});

test.each([
  ['MIT', true],
  ['(MIT OR GPL-3.0-only)', true],
  ['GPL-3.0-only OR ISC', true],
  ['(MIT AND ISC)', true],
  ['MIT AND GPL-3.0-only', false],
  ['GPL-3.0-only', false],
  ['SEE LICENSE IN LICENSE.md', false],
  ['mit-like', false],
  ['', false],
  [undefined, false],
])('of MIT and ISC the licence %j is one: %j', (licence, isAllowed) => {
  const faults = licenceFaults([{ path: 'node_modules/a', licence }], new Set(['MIT', 'ISC']));
  expect(faults).toHaveLength(isAllowed ? 0 : 1);
});
