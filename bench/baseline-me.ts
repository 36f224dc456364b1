/**
 * The least a server can do for `me`: bare `node:http` and `pg`, one prepared statement for
 * session, user and roles, and `JSON.stringify`. It does not even look at the query.
 */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';

const [, , databaseUrl, poolSize] = process.argv;
const pool = new pg.Pool({ connectionString: databaseUrl, max: Number(poolSize) });

interface Row {
  readonly id: string;
  readonly email: string;
  readonly first_name: string | null;
  readonly role_names: readonly string[];
}

const statement = {
  name: 'me',
  text: `
    SELECT u.id, u.email, u.first_name, ARRAY(
      SELECT r.name FROM role_assignments a JOIN roles r ON r.id = a.role_id
      WHERE a.user_id = u.id ORDER BY r.name
    )::text[] AS role_names
    FROM sessions s JOIN users u ON u.id = s.user_id
    WHERE s.token_hash = $1 AND s.expires_at > now() AND u.is_active`,
};

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  request.resume();
  const token = request.headers.authorization?.slice('Bearer '.length) ?? '';
  const hash = createHash('sha256').update(token).digest();
  const { rows } = await pool.query<Row>({ ...statement, values: [hash] });
  const [row] = rows;
  const me = row && {
    id: row.id,
    email: row.email,
    firstName: row.first_name,
    roleNames: row.role_names,
  };
  const body = JSON.stringify({ data: { me: me ?? null } });
  response.writeHead(200, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}

const server = createServer((request, response) => {
  answer(request, response).catch((error: unknown) => {
    response.writeHead(500, { 'content-length': 0 }).end();
    console.error(error);
  });
});

process.on('disconnect', () => process.exit());
server.listen(0, '127.0.0.1', () => {
  process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
