import { build } from 'esbuild';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const root = import.meta.dirname;

/** Bundles a page with what it loads into a folder, with hashed names that `index.html` is told. */
export async function bundleSite({ name, entries }, folder) {
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
