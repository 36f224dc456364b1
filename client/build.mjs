import { build } from 'esbuild';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

const entries = ['index', 'operations', 'documents'];

/** Writes the modules of the package, for browsers and Node alike, and their types beside them. */
export async function buildClient(folder) {
  const root = import.meta.dirname;
  const compiler = path.join(root, '../node_modules/typescript/bin/tsc');
  await Promise.all([
    build({
      absWorkingDir: root,
      entryPoints: entries.map((name) => `src/${name}.ts`),
      chunkNames: 'chunk-[hash]',
      outdir: folder,
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'neutral',
      target: 'es2022',
    }),
    promisify(execFile)(process.execPath, [compiler, '-p', root, '--outDir', folder]),
  ]);
}
