import { createRequire } from 'node:module';

export interface CodeOfThread {
  readonly filename: string;
  readonly execArgv?: string[];
}

/**
 * Where a thread finds its code: beside this file, from source as well as from the bundle. Node 20
 * runs no TypeScript, and its threads neither inherit a loader nor heed `--import`, so from source
 * a thread gets tsx by `--require`. The bundle never comes here: it has no need of tsx.
 */
export function codeOfThread(): CodeOfThread {
  if (!import.meta.url.endsWith('.ts')) {
    return { filename: new URL('./bcrypt.worker.js', import.meta.url).href };
  }
  const tsx = createRequire(import.meta.url).resolve('tsx/cjs');
  const filename = new URL('./bcrypt.worker.ts', import.meta.url).href;
  return { filename, execArgv: ['--require', tsx] };
}
