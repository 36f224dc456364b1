import { createHash, randomBytes } from 'node:crypto';
import { v7 } from 'uuid';
import type { Scope } from '../../src/actor.ts';
import type { Client } from '../support/client.ts';
import type { TestServer } from '../support/server.ts';

export interface TestKey {
  readonly id: string;
  readonly secret: string;
  /** A client that shows this key. */
  readonly client: Client;
}

/** An API key with these scopes, put into the database as its owner would have made it. */
export async function makeKey(server: TestServer, ...scopes: readonly Scope[]): Promise<TestKey> {
  const id = v7();
  const secret = `gh_k_${randomBytes(48).toString('base64url')}`;
  await server.database.query(
    `INSERT INTO api_keys (id, name, key_hash, prefix, scopes, created_at)
     VALUES ($1, 'of a test', $2, $3, $4, now())`,
    [id, createHash('sha256').update(secret).digest(), secret.slice(0, 12), scopes],
  );
  return { id, secret, client: server.client.withToken(secret) };
}
