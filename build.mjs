/**
 * Bundles the server (always, in about 100 ms), the playground and the account pages (only when
 * their inputs changed) into `dist/`. `npm start` runs it first, so a second run has to cost next
 * to nothing.
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
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

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
    sources: ['pages', 'playground'], // they share the colours and the icon
    entries: { main: 'pages/main.ts', favicon: 'playground/favicon.svg' },
  },
];

await mkdir(distribution, { recursive: true });
await Promise.all([buildServer(), copyMailTemplates(), ...sites.map(buildSiteIfStale)]);

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

async function buildSiteIfStale(site) {
  const started = new Date();
  const output = path.join(distribution, site.name);
  const built = await modifiedAt(path.join(output, 'index.html'));
  if (built > (await newestInput(site))) return;

  const temporary = path.join(distribution, `.${site.name}-${process.pid}`);
  try {
    await bundleSite(site, temporary);
    // An input that is edited while this runs has to count as newer than the result.
    await utimes(path.join(temporary, 'index.html'), started, started);
    await replaceFolder(temporary, output);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  console.log(`Built ${site.title} in ${Date.now() - started.getTime()} ms`);
}

async function newestInput({ sources }) {
  const folders = sources.map((source) => path.join(root, source));
  const found = await Promise.all(folders.map(filesAndFolders));
  const inputs = [
    ...found.flat(),
    path.join(root, 'build.mjs'),
    path.join(root, 'package-lock.json'),
  ];
  return Math.max(...(await Promise.all(inputs.map(modifiedAt))));
}

/** Folders count too: their time tells that a file was removed. */
async function filesAndFolders(folder) {
  const names = await readdir(folder, { recursive: true });
  return [folder, ...names.map((name) => path.join(folder, name))];
}

async function modifiedAt(file) {
  const found = await stat(file).catch(() => null);
  return found?.mtimeMs ?? 0;
}

async function bundleSite({ name, entries }, folder) {
  const { metafile, outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: Object.entries(entries).map(([out, input]) => ({ in: input, out })),
    entryNames: '[name]-[hash]',
    chunkNames: 'chunk-[hash]',
    assetNames: '[name]-[hash]',
    outdir: folder,
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    jsx: 'automatic',
    legalComments: 'eof',
    loader: { '.svg': 'copy', '.ttf': 'file' },
    alias: {
      // GraphiQL asks for Prettier's parsers by their old names, which are second copies.
      'prettier/parser-graphql': 'prettier/plugins/graphql',
      'prettier/parser-babel': 'prettier/plugins/babel',
    },
    define: { 'process.env.NODE_ENV': '"production"' },
    metafile: true,
    write: false,
  });

  await mkdir(folder, { recursive: true });
  const names = namesInPage(metafile.outputs, Object.values(entries));
  const published = outputFiles.filter((file) => isNeeded(path.basename(file.path), names));
  await Promise.all([
    ...published.map(writeWithGzip),
    writeFile(path.join(folder, 'index.html'), await renderPage(name, names)),
  ]);
}

/** What index.html calls each file, and the hashed name it has. */
function namesInPage(outputs, inputs) {
  const names = new Map();
  for (const [file, { entryPoint, cssBundle }] of Object.entries(outputs)) {
    if (!inputs.some((input) => entryPoint?.endsWith(input))) continue;
    names.set(path.basename(entryPoint), path.basename(file));
    if (cssBundle) names.set('main.css', path.basename(cssBundle));
  }
  return names;
}

/** The page's one style sheet already holds those that esbuild also writes for the lazy chunks. */
function isNeeded(name, names) {
  return !name.endsWith('.css') || name === names.get('main.css');
}

/** Compressed once here rather than for every visitor; the fonts and icons are too small to gain. */
async function writeWithGzip({ path: file, contents }) {
  await writeFile(file, contents);
  if (!/\.(js|css)$/.test(file)) return;
  await writeFile(`${file}.gz`, await promisify(gzip)(contents, { level: 9 }));
}

/** A site refers to its files from the root or, to work below a path, from where the page is. */
async function renderPage(site, names) {
  const template = await readFile(path.join(root, site, 'index.html'), 'utf8');
  return template.replace(new RegExp(`"(/?${site}/)([\\w.]+)"`, 'g'), (_match, folder, name) => {
    const hashed = names.get(name);
    if (!hashed) throw new Error(`${site}/index.html names ${name}, which is not built`);
    return `"${folder}${hashed}"`;
  });
}

/** Two builds at once end with the same files, so the one that comes second yields. */
async function replaceFolder(source, target) {
  const old = `${source}.old`;
  await rename(target, old).catch(ignoreMissing);
  await rename(source, target).catch(ignoreExisting);
  await rm(old, { recursive: true, force: true });
}

function ignoreMissing(error) {
  if (error.code !== 'ENOENT') throw error;
}

function ignoreExisting(error) {
  if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
}
