import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

interface Sbom {
  readonly bomFormat: string;
  readonly specVersion: string;
  readonly dependencies: readonly { ref: string; dependsOn: string[] }[];
  readonly components: readonly {
    name: string;
    version: string;
    purl: string;
    hashes?: object[];
  }[];
}

test('npm run sbom lists what runs in production, in CycloneDX, and nothing else', async () => {
  const { stdout } = await promisify(execFile)('npm', ['run', '--silent', 'sbom'], {
    maxBuffer: 64 * 1024 * 1024,
  });
  const sbom = JSON.parse(stdout) as Sbom;
  expect(sbom).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.5' });
  const { dependencies } = JSON.parse(await readFile('package.json', 'utf8')) as {
    dependencies: Record<string, string>;
  };
  const listed = sbom.components.map(({ name, version }) => `${name}@${version}`);
  const wanted = Object.entries(dependencies).map(([name, version]) => `${name}@${version}`);
  expect(wanted.filter((one) => !listed.includes(one))).toEqual([]);
  expect(listed.filter((one) => /^(vitest|eslint|prettier|fast-check)@/.test(one))).toEqual([]);
  const references = new Set(sbom.dependencies.map(({ ref }) => ref));
  for (const { dependsOn } of sbom.dependencies) {
    expect(dependsOn.filter((ref) => !references.has(ref))).toEqual([]);
  }
  for (const { name, purl, hashes } of sbom.components) {
    expect(purl).toContain('pkg:npm/');
    expect([name, hashes?.length]).toEqual([name, 1]);
  }
});
