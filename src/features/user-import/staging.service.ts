import { pipeline } from 'node:stream/promises';
import type { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { Tx } from '../../context.ts';
import { newId } from '../../identifiers.ts';
import type { ImportedUser } from './import-row.rules.ts';

/** The columns of the staging table, and how each is read from a user. */
const columns: readonly (readonly [string, string, (user: ImportedUser) => string | null])[] = [
  ['line', 'integer', ({ line }) => String(line)],
  ['id', 'uuid', ({ id }) => id],
  ['email', 'text', ({ email }) => email],
  ['username', 'text', ({ username }) => username],
  ['first_name', 'text', ({ firstName }) => firstName],
  ['last_name', 'text', ({ lastName }) => lastName],
  ['password_hash', 'text', ({ passwordHash }) => passwordHash],
  ['confirmed_at', 'timestamptz', ({ confirmedAt }) => confirmedAt],
  ['is_active', 'boolean', ({ isActive }) => String(isActive)],
  ['timezone', 'text', ({ timezone }) => timezone],
  ['preferred_locale', 'text', ({ locale }) => locale],
  ['custom_fields', 'jsonb', ({ customFields }) => JSON.stringify(customFields)],
  ['created_at', 'timestamptz', ({ createdAt }) => createdAt],
  ['role_ids', 'uuid[]', ({ roles }) => `{${roles.map(({ id }) => id).join(',')}}`],
  ['role_names', 'jsonb', ({ roles }) => JSON.stringify(roles.map(({ name }) => name))],
  ['audit_id', 'uuid', () => newId()],
];

const createSql = `CREATE TEMPORARY TABLE IF NOT EXISTS imported_rows
  (${columns.map(([name, type]) => `${name} ${type}`).join(', ')})`;
const copySql = `COPY imported_rows (${columns.map(([name]) => name).join(', ')}) FROM STDIN`;

/** Puts users into a table of this connection, from which statements take them all at once. */
export async function stage(tx: Tx, users: readonly ImportedUser[]): Promise<void> {
  await tx.db.query(createSql);
  await tx.db.query('TRUNCATE imported_rows');
  const client = await clientOf(tx);
  await pipeline([encode(users)], client.query(copyFrom(copySql)));
}

/** The connection on which this transaction is open. */
async function clientOf(tx: Tx): Promise<Client> {
  if (tx.db.queryRunner === undefined) throw new Error('There is no transaction.');
  return (await tx.db.queryRunner.connect()) as Client;
}

/** Rows in the text format of COPY: tabs between columns, `\N` for null, backslashes escaped. */
function encode(users: readonly ImportedUser[]): Buffer {
  const rows = users.map(
    (user) => `${columns.map(([, , read]) => encodeValue(read(user))).join('\t')}\n`,
  );
  return Buffer.from(rows.join(''));
}

const escapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
};

function encodeValue(value: string | null): string {
  if (value === null) return '\\N';
  return /[\\\t\n\r]/.test(value)
    ? value.replace(/[\\\t\n\r]/g, (sign) => escapes[sign] ?? sign)
    : value;
}
