import type pg from 'pg';
import { hashSessionToken, newSessionToken } from '../../src/features/session/session.token.ts';
import { fastestBcrypt } from './bcrypts.ts';
import { onDatabase } from './database.ts';

export const password = 'correct horse battery';
export const costs = [12, 10] as const;
export type Cost = (typeof costs)[number];

const accountsOfEachCost = 16;
const sessionCount = 1000;

export interface People {
  readonly count: number;
  /** Of as many different users, all signed in. */
  readonly sessionTokens: readonly string[];
  /** Accounts to sign in to, by the cost of their hash. */
  readonly accounts: Readonly<Record<Cost, readonly string[]>>;
}

/** Fills a migrated database: users with roles, some of them signed in. */
export async function createPeople(url: string, count: number): Promise<People> {
  const bcrypt = await fastestBcrypt();
  return onDatabase(url, async (client) => {
    await client.query(insertUsers, [count, bcrypt.hash(password, 10)]);
    await client.query(insertRoles);
    await client.query(insertImages);
    await client.query('UPDATE installation SET owner_claimed_at = now()');
    const accounts = {
      12: await createAccounts(client, 12, bcrypt.hash(password, 12)),
      10: await createAccounts(client, 10, bcrypt.hash(password, 10)),
    };
    const sessionTokens = await createSessions(client);
    await client.query('VACUUM (ANALYZE)');
    return { count, sessionTokens, accounts };
  });
}

const insertUsers = `
  INSERT INTO users (id, email, username, password_hash, first_name, last_name, confirmed_at,
    created_at, updated_at)
  SELECT uuidv7(), 'person' || n || '@example.com', 'person' || n, $2,
    (ARRAY['Ann', 'Hannah', 'Bob', 'Clara', 'David', 'Eve', 'Farid', 'Grace'])[1 + n % 8],
    (ARRAY['Adams', 'Brown', 'Chen', 'Diaz', 'Evans', 'Fischer', 'Garcia'])[1 + n % 7],
    now(), now() - (n || ' seconds')::interval, now()
  FROM generate_series(1, $1::int) AS n`;

/** The first is the Owner, one in a thousand an Admin. */
const insertRoles = `
  INSERT INTO role_assignments (user_id, role_id, assigned_at)
  SELECT u.id, r.id, now() FROM users u
  JOIN roles r ON r.name = CASE
    WHEN u.username = 'person1' THEN 'Owner'
    WHEN u.username LIKE '%000' THEN 'Admin'
    ELSE 'User' END`;

/** Every other user has a picture; what it looks like matters to nobody here. */
const insertImages = `
  INSERT INTO images (id, user_id, sha256, mime_type, width, height, size, status, created_at)
  SELECT uuidv7(), id, repeat('0', 64), 'image/jpeg', 800, 600, 100000, 'READY', now()
  FROM users WHERE username ~ '[02468]$'`;

async function createAccounts(client: pg.Client, cost: Cost, hash: string): Promise<string[]> {
  const { rows } = await client.query<{ email: string }>(
    `UPDATE users SET password_hash = $1 WHERE id IN (
       SELECT id FROM users WHERE username LIKE 'person%7' ORDER BY id OFFSET $2 LIMIT $3
     ) RETURNING email`,
    [hash, cost * accountsOfEachCost, accountsOfEachCost],
  );
  return rows.map((row) => row.email);
}

async function createSessions(client: pg.Client): Promise<string[]> {
  const tokens = Array.from({ length: sessionCount }, newSessionToken);
  await client.query(
    `INSERT INTO sessions (id, user_id, token_hash, ip_address, user_agent, last_seen_at,
       expires_at, created_at)
     SELECT uuidv7(), u.id, t.hash, '127.0.0.1', 'gatehouse-bench', now(),
       now() + interval '60 days', now()
     FROM unnest($1::bytea[]) WITH ORDINALITY AS t (hash, n)
     JOIN users u ON u.username = 'person' || (t.n + 1)`,
    [tokens.map(hashSessionToken)],
  );
  return tokens;
}
