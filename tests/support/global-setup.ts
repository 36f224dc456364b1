import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { pino } from 'pino';
import type { TestProject } from 'vitest/node';
import { createDataSource } from '../../src/database/data-source.ts';
import { startEmbeddedDatabase } from '../../src/database/embedded.ts';
import { migrate } from '../../src/database/migrate.ts';
import { makeCertificate, type Certificate } from './certificate.ts';
import { inspectLogs, type Inspection } from './logged-secrets.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** A server's URL with the password; each test file makes its own database there. */
    databaseServer: string;
    /** A migrated database nobody is connected to, to clone. */
    templateDatabase: string;
    /** A folder that is removed when the run is over. */
    temporaryFolder: string;
    /** One for https://127.0.0.1 that the processes of the tests believe. */
    certificate: Certificate;
  }
}

/**
 * One PostgreSQL for the whole run: the embedded one, or the server `TEST_DATABASE_URL` names.
 * Migrates a template database once; cloning it gives every test file a clean one in a moment.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const temporaryFolder = await mkdtemp(join(tmpdir(), 'gatehouse-tests-'));
  // As root PostgreSQL runs as another user, who must be able to enter, or it moves elsewhere.
  await chmod(temporaryFolder, 0o755);
  const certificate = makeCertificate();
  // Node reads this only when it starts, as the processes of the tests are about to.
  process.env.NODE_EXTRA_CA_CERTS = join(temporaryFolder, 'certificate.pem');
  await writeFile(process.env.NODE_EXTRA_CA_CERTS, certificate.cert);
  const given = process.env.TEST_DATABASE_URL;
  const log = pino({ level: 'silent' });
  const [embedded] = await Promise.all([
    given === undefined ? startEmbeddedDatabase({ dataDir: temporaryFolder, log }) : undefined,
    build(),
  ]);
  const server = embedded?.url ?? given ?? '';
  if (embedded !== undefined) await hurry(server);
  const template = `gatehouse_template_${process.pid}`;
  await onServer(server, `CREATE DATABASE ${template}`);
  const dataSource = await createDataSource(databaseUrl(server, template), 2).initialize();
  await migrate(dataSource);
  await dataSource.destroy();
  project.provide('databaseServer', server);
  project.provide('templateDatabase', template);
  project.provide('temporaryFolder', temporaryFolder);
  project.provide('certificate', certificate);
  return async () => {
    await onServer(server, `DROP DATABASE ${template}`);
    await embedded?.stop();
    const inspection = await inspectLogs(join(temporaryFolder, 'logged'));
    await rm(temporaryFolder, { recursive: true, force: true });
    report(inspection);
  };
}

/** Tests that start the server as a process start what users start: the build. */
async function build(): Promise<void> {
  const building = spawn(process.execPath, ['build.mjs'], { stdio: 'inherit' });
  const [code] = (await once(building, 'exit')) as [number | null];
  if (code !== 0) throw new Error('The build failed.');
}

/** Fails the run when anything secret was logged in it, whichever test it was. */
function report({ secrets, characters, leaks }: Inspection): void {
  const searched = `${secrets} secrets in ${(characters / 1e6).toFixed(1)} MB of log`;
  if (leaks.length === 0) return console.log(`Looked for ${searched}; there is none.`);
  process.exitCode = 1; // what a tear-down throws is shown, and the run has succeeded all the same
  throw new Error(`Of ${searched}, these were logged:\n  ${leaks.join('\n  ')}`);
}

/**
 * Nobody needs the data after the run, so no commit waits for the disk. Nor does anybody want to guess
 * the password: to log in, as the tests do many thousands of times, takes a single iteration.
 */
async function hurry(url: string): Promise<void> {
  for (const setting of ['fsync', 'synchronous_commit', 'full_page_writes']) {
    await onServer(url, `ALTER SYSTEM SET ${setting} = off`);
  }
  await onServer(url, 'SELECT pg_reload_conf()');
  const { username, password } = new URL(url);
  const hash = `SET scram_iterations = 1; ALTER ROLE ${username} PASSWORD '${password}'`;
  await onServer(url, hash);
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(statement);
  await client.end();
}

function databaseUrl(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}
