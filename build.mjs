/**
 * Bundles the server (always, in about 100 ms), the playground and the account pages (only when
 * their inputs changed) into `dist/`, and the client package into `client/dist/`. `npm start` runs it
 * first, so a second run has to cost next to nothing.
 */
import { build } from 'esbuild';
import { existsSync } from 'node:fs';
import {
  chmod,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import { bundleSite } from './build-site.mjs';
import { buildClient } from './client/build.mjs';

const root = import.meta.dirname;
const distribution = path.join(root, 'dist');

const serverEntries = [
  'src/main.ts',
  'src/worker.ts',
  'src/cli.ts',
  'src/adapters/bcrypt.worker.ts',
];

/**
 * What browsers load, a folder each. `entries` is everything its index.html refers to by its plain
 * name; the build puts the hashed name there. The playground and Monaco's workers are one build,
 * so that they share their common code.
 */
const sites = [
  {
    name: 'playground',
    title: 'the playground',
    sources: ['playground'],
    entries: {
      main: 'playground/main.tsx',
      favicon: 'playground/favicon.svg',
      'editor.worker': 'monaco-editor/esm/vs/editor/editor.worker.js',
      'json.worker': 'monaco-editor/esm/vs/language/json/json.worker.js',
      'graphql.worker': 'monaco-graphql/esm/graphql.worker.js',
    },
  },
  {
    name: 'pages',
    title: 'the account pages',
    sources: ['pages', 'playground', 'client/src'], // the colours and the icon, and the client
    entries: { main: 'pages/main.ts', favicon: 'playground/favicon.svg' },
  },
];

await mkdir(distribution, { recursive: true });
await Promise.all([
  buildServer(),
  copyMailTemplates(),
  ...sites.map(({ name, title, sources, entries }) =>
    buildIfStale({
      title,
      sources,
      output: path.join(distribution, name),
      stamp: 'index.html',
      write: (folder) => bundleSite({ name, entries }, folder),
    }),
  ),
  buildIfStale({
    title: 'the client package',
    sources: ['client/src', 'client/build.mjs', 'client/tsconfig.json'],
    output: path.join(root, 'client/dist'),
    stamp: 'index.js',
    write: buildClient,
  }),
]);

async function buildServer() {
  const entryPoints = serverEntries.filter((entry) => existsSync(path.join(root, entry)));
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints,
    entryNames: '[name]',
    // Beside the entries, so that `new URL('./bcrypt.worker.js', import.meta.url)` is right in both.
    chunkNames: 'chunk-[hash]',
    outdir: distribution,
    bundle: true,
    splitting: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: 'linked',
    write: false,
  });
  await Promise.all(outputFiles.map(writeIfChanged));
  await chmod(path.join(distribution, 'cli.js'), 0o755); // npx runs it as it is
  await removeOldChunks(new Set(outputFiles.map((file) => path.basename(file.path))));
}

/** Leaves an equal file alone and swaps a new one in whole: another `npm start` may be reading. */
async function writeIfChanged({ path: file, contents }) {
  const current = await readFile(file).catch(() => null);
  if (current?.equals(contents)) return;
  const temporary = `${file}.${process.pid}.tmp`;
  await writeFile(temporary, contents);
  await rename(temporary, file);
}

/** Every change to shared code names its chunk anew; without this they would pile up. */
async function removeOldChunks(wanted) {
  const names = await readdir(distribution);
  const old = names.filter((name) => /^chunk-.*\.js(\.map)?$/.test(name) && !wanted.has(name));
  await Promise.all(old.map((name) => rm(path.join(distribution, name), { force: true })));
}

/** Mails are written from files, of which an operator's folder may replace any. */
async function copyMailTemplates() {
  const source = path.join(root, 'src/features/mail-template/templates');
  const target = path.join(distribution, 'mail-templates');
  await mkdir(target, { recursive: true });
  const [wanted, present] = await Promise.all([readdir(source), readdir(target)]);
  const old = present.filter((name) => /^[^.]+\.[^.]+\.md$/.test(name) && !wanted.includes(name));
  await Promise.all([
    ...old.map((name) => rm(path.join(target, name), { force: true })),
    ...wanted.map(async (name) => {
      const contents = await readFile(path.join(source, name));
      await writeIfChanged({ path: path.join(target, name), contents });
    }),
  ]);
}

/** `stamp` is the file whose time says when the output was built. */
async function buildIfStale({ title, sources, output, stamp, write }) {
  const started = new Date();
  const built = await modifiedAt(path.join(output, stamp));
  if (built > (await newestInput(sources))) return;

  const temporary = path.join(path.dirname(output), `.${path.basename(output)}-${process.pid}`);
  try {
    await write(temporary);
    // An input that is edited while this runs has to count as newer than the result.
    await utimes(path.join(temporary, stamp), started, started);
    await replaceFolder(temporary, output);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  console.log(`Built ${title} in ${Date.now() - started.getTime()} ms`);
}

async function newestInput(sources) {
  const folders = sources.map((source) => path.join(root, source));
  const found = await Promise.all(folders.map(filesAndFolders));
  const inputs = [
    ...found.flat(),
    ...['build.mjs', 'build-site.mjs', 'package-lock.json'].map((name) => path.join(root, name)),
  ];
  return Math.max(...(await Promise.all(inputs.map(modifiedAt))));
}

/** Folders count too: their time tells that a file was removed. */
async function filesAndFolders(folder) {
  const names = await readdir(folder, { recursive: true }).catch(ignoreNoFolder);
  return [folder, ...names.map((name) => path.join(folder, name))];
}

async function modifiedAt(file) {
  const found = await stat(file).catch(() => null);
  return found?.mtimeMs ?? 0;
}

/** Two builds at once end with the same files, so the one that comes second yields. */
async function replaceFolder(source, target) {
  const old = `${source}.old`;
  await rename(target, old).catch(ignoreMissing);
  await rename(source, target).catch(ignoreExisting);
  await rm(old, { recursive: true, force: true });
}

function ignoreNoFolder(error) {
  if (error.code !== 'ENOTDIR') throw error;
  return [];
}

function ignoreMissing(error) {
  if (error.code !== 'ENOENT') throw error;
}

function ignoreExisting(error) {
  if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
}
