import { execFileSync } from 'node:child_process';

// Prints what runs in production as a bill of materials in the form of CycloneDX.

interface Component {
  readonly 'bom-ref': string;
  readonly properties: readonly { readonly name: string; readonly value: string }[];
}

interface Sbom {
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

/** Not by `--omit dev`: that leaves out as well what a package of development happens to share. */
const args = ['sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'application'];
const all = JSON.parse(
  execFileSync('npm', args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 }),
) as Sbom;

const left = new Set(
  all.components
    .filter(({ properties }) => properties.some(({ name }) => name.endsWith(':development')))
    .map((component) => component['bom-ref']),
);
const sbom = {
  ...all,
  components: all.components.filter((component) => !left.has(component['bom-ref'])),
  dependencies: all.dependencies
    .filter(({ ref }) => !left.has(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((one) => !left.has(one)) })),
};
process.stdout.write(`${JSON.stringify(sbom, null, 2)}\n`);
