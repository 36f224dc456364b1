import { readdir, readFile } from 'node:fs/promises';
import { parseAllDocuments } from 'yaml';

const root = new URL('../../', import.meta.url);
export const readText = (path: string) => readFile(new URL(path, root), 'utf8');

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
}
interface Container {
  readonly name: string;
  readonly args?: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value: string }[];
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly resources: { readonly requests: object; readonly limits: object };
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
  readonly startupProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly readinessProbe?: Probe;
}
interface PodSpec {
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly initContainers?: readonly Container[];
  readonly containers: readonly Container[];
  readonly volumes: readonly { readonly name: string }[];
}
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly data?: Readonly<Record<string, string>>;
  readonly stringData?: Readonly<Record<string, string>>;
  readonly spec: {
    readonly selector: unknown;
    readonly template: { readonly metadata: { readonly labels: object }; readonly spec: PodSpec };
  };
}

/** All documents of a file, none of which may have an error. */
export async function readYaml<Document>(path: string): Promise<Document[]> {
  return parseAllDocuments(await readText(path)).map((document) => {
    if (document.errors.length > 0) throw new Error(`${path}: ${String(document.errors[0])}`);
    return document.toJS() as Document;
  });
}

/** Everything there is for Kubernetes. */
export async function readManifests(): Promise<Manifest[]> {
  const names = await readdir(new URL('deploy/kubernetes', root));
  const read = names.map((name) => readYaml<Manifest>(`deploy/kubernetes/${name}`));
  return (await Promise.all(read)).flat();
}
