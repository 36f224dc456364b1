import { spawnSync } from 'node:child_process';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { tokenFor } from '../access-token/access-tokens.ts';
import { updateAvatar } from '../avatar/avatars.ts';
import type { TestDatabase } from '../support/database.ts';
import { loginMutation, password, registerPerson, type LoginResult } from '../support/people.ts';
import { startTestServer } from '../support/server.ts';

/** Whether the machine has a `pg_dump` for servers of this version; newer ones dump older servers. */
export function canDump(serverMajor: number): boolean {
  const { stdout } = spawnSync('pg_dump', ['--version'], { encoding: 'utf8' });
  return Number(/\(PostgreSQL\) (\d+)/.exec(stdout ?? '')?.[1] ?? 0) >= serverMajor;
}

/** The commands of docs/operations.md. */
export function dumpAndRestore(from: string, to: string, file: string): void {
  for (const [program, ...parameters] of [
    ['pg_dump', '--format=custom', '--no-owner', `--file=${file}`, from],
    ['pg_restore', '--exit-on-error', '--no-owner', `--dbname=${to}`, file],
  ] as const) {
    const { status, stderr } = spawnSync(program, parameters, { encoding: 'utf8' });
    expect([program, status, stderr]).toEqual([program, 0, '']);
  }
}

/** What of the data folder belongs to a backup beside the database. */
export async function copyFiles(from: string, to: string): Promise<void> {
  for (const name of ['app-secret', 'files']) {
    await cp(join(from, name), join(to, name), { recursive: true });
  }
}

export interface Kept {
  readonly token: string;
  readonly email: string;
  readonly picture: string;
  readonly bytes: number;
  readonly keys: unknown;
}

// A secret of its own in the folder, as servers outside production have.
const environment = (dataDir: string) => ({ DATA_DIR: dataDir, APP_SECRET: '', RUN_JOBS: 'false' });

const onePixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);

const publicKeys = async (url: string): Promise<unknown> =>
  (await fetch(`${url}/.well-known/jwks.json`)).json();

const bytesAt = async (url: string) => (await (await fetch(url)).arrayBuffer()).byteLength;

/** A server's life before the backup: an Owner with a session, a picture and a signing key. */
export async function fillDatabase(database: TestDatabase, dataDir: string): Promise<Kept> {
  const server = await startTestServer(environment(dataDir), database);
  try {
    const { client, token, email } = await registerPerson(server);
    const { data, errors } = await updateAvatar(client, new Blob([onePixel]));
    expect([errors, data.outcome?.errors]).toEqual([[], []]);
    const { pathname } = new URL(data.outcome?.image?.url ?? '', server.url);
    await tokenFor(client);
    const bytes = await bytesAt(server.url + pathname);
    return { token, email, picture: pathname, bytes, keys: await publicKeys(server.url) };
  } finally {
    await server.stop();
  }
}

/** The life after it: everybody is who they were, with the keys they had. */
export async function expectRestored(
  database: TestDatabase,
  dataDir: string,
  kept: Kept,
): Promise<void> {
  const server = await startTestServer(environment(dataDir), database);
  try {
    const client = server.client.withToken(kept.token);
    const me = await client.graphql<{ me: unknown }>('{ me { email roleNames } }');
    expect(me.data.me).toEqual({ email: kept.email, roleNames: ['Owner'] });
    const input = { email: kept.email, password };
    const signedIn = await server.client.graphql<LoginResult>(loginMutation, { input });
    expect(signedIn.data.login.errors).toEqual([]);
    expect(await bytesAt(server.url + kept.picture)).toBe(kept.bytes);
    await tokenFor(client); // by the key there was: no other one is made
    expect(await publicKeys(server.url)).toEqual(kept.keys);
    await registerPerson(server);
  } finally {
    await server.stop();
  }
}

/** Without the secret: accounts and sessions as before, and another key for access tokens. */
export async function expectWithoutSecret(
  database: TestDatabase,
  dataDir: string,
  kept: Kept,
): Promise<void> {
  const server = await startTestServer(environment(dataDir), database);
  try {
    const client = server.client.withToken(kept.token);
    expect((await client.graphql('{ me { id } }')).errors).toEqual([]);
    await tokenFor(client);
    const { keys } = (await publicKeys(server.url)) as { keys: unknown[] };
    expect(keys).toHaveLength(2);
    expect(server.logged.join()).toContain('APP_SECRET is another one');
  } finally {
    await server.stop();
  }
}
