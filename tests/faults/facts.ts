import { compare } from 'bcryptjs';
import { createHash } from 'node:crypto';
import type { TestDatabase } from '../support/database.ts';

type Database = Pick<TestDatabase, 'query'>;

/** Something that was acknowledged, and so has to be found in the database from then on. */
export type Fact = (database: Database) => Promise<boolean>;

const isThere =
  (wanted: boolean, sql: string, ...values: unknown[]): Fact =>
  async (database) =>
    (await database.query(sql, values)).length === (wanted ? 1 : 0);

const digest = (token: string) => createHash('sha256').update(token).digest();

export const isUser = (id: string): Fact => isThere(true, 'SELECT FROM users WHERE id = $1', id);

export const isNoUser = (id: string): Fact => isThere(false, 'SELECT FROM users WHERE id = $1', id);

export const hasFirstName = (id: string, name: string): Fact =>
  isThere(true, 'SELECT FROM users WHERE id = $1 AND first_name = $2', id, name);

export const isSession = (token: string): Fact =>
  isThere(true, 'SELECT FROM sessions WHERE token_hash = $1', digest(token));

export const isNoSession = (token: string): Fact =>
  isThere(false, 'SELECT FROM sessions WHERE token_hash = $1', digest(token));

export const hasRole = (id: string, role: string): Fact =>
  isThere(
    true,
    `SELECT FROM role_assignments JOIN roles ON roles.id = role_id
     WHERE user_id = $1 AND name = $2`,
    id,
    role,
  );

export const hasPassword =
  (id: string, password: string): Fact =>
  async (database) => {
    const [row] = await database.query<{ password_hash: string }>(
      'SELECT password_hash FROM users WHERE id = $1',
      [id],
    );
    return row !== undefined && compare(password, row.password_hash);
  };
