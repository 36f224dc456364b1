/**
 * better-auth as its documentation sets it up: an e-mail and a password, bearer tokens, PostgreSQL
 * through `pg`, on `node:http`. Makes its tables, registers as many people as it is asked to, and
 * sends its address and their session tokens.
 */
import { createServer } from 'node:http';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { toNodeHandler } from 'better-auth/node';
import { bearer } from 'better-auth/plugins';
import pg from 'pg';

const [, , databaseUrl, poolSize, people] = process.argv;

const auth = betterAuth({
  database: new pg.Pool({ connectionString: databaseUrl, max: Number(poolSize) }),
  baseURL: 'http://127.0.0.1',
  secret: 'the secret of a bench that keeps none',
  emailAndPassword: { enabled: true },
  plugins: [bearer()],
  logger: { disabled: true },
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
});

const { runMigrations } = await getMigrations(auth.options);
await runMigrations();
const tokens = [];
for (let person = 1; person <= Number(people); person += 1) {
  const { token } = await auth.api.signUpEmail({
    body: {
      email: `person${person}@example.com`,
      name: 'Ann Adams',
      password: 'correct horse battery',
    },
  });
  if (token === null) throw new Error('better-auth signed nobody in.');
  tokens.push(token);
}

const handle = toNodeHandler(auth);
const server = createServer((request, response) => void handle(request, response));
process.on('disconnect', () => process.exit());
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address();
  process.send?.({ url: `http://127.0.0.1:${port}`, tokens });
});
