import { onTestFinished } from 'vitest';
import type { Answer, Client, UserError } from '../support/client.ts';
import type { TestDatabase } from '../support/database.ts';
import { password, registerPerson, type Person } from '../support/people.ts';
import type { TestServer } from '../support/server.ts';

interface Assignment {
  readonly user: { readonly id: string; readonly roleNames: readonly string[] };
  readonly role: { readonly name: string };
  readonly assignedBy: { readonly id: string } | null;
  readonly assignedAt: string;
}

/** What a role mutation answered, whichever of the two payloads it has. */
interface Outcome {
  readonly roleAssignment?: Assignment | null;
  readonly user?: { readonly id: string; readonly roleNames: readonly string[] } | null;
  readonly errors: readonly UserError[];
}

const assignmentPayload = `{
  roleAssignment { user { id roleNames } role { name } assignedBy { id } assignedAt }
  errors { code field message }
}`;
const userPayload = '{ user { id roleNames } errors { code field message } }';

export async function assignRole(client: Client, userId: string, role: string) {
  return run(
    client,
    `mutation ($userId: ID!, $role: String!) {
      outcome: assignRole(userId: $userId, role: $role) ${assignmentPayload}
    }`,
    { userId, role },
  );
}

export async function removeRole(client: Client, userId: string, role: string) {
  return run(
    client,
    `mutation ($userId: ID!, $role: String!) {
      outcome: removeRole(userId: $userId, role: $role) ${userPayload}
    }`,
    { userId, role },
  );
}

export async function promoteToAdmin(client: Client, userId: string) {
  const mutation = `mutation ($userId: ID!) {
    outcome: promoteToAdmin(userId: $userId) ${assignmentPayload}
  }`;
  return run(client, mutation, { userId });
}

export async function demoteToUser(client: Client, userId: string) {
  const mutation = `mutation ($userId: ID!) {
    outcome: demoteToUser(userId: $userId) ${userPayload}
  }`;
  return run(client, mutation, { userId });
}

export async function transferOwnership(
  client: Client,
  userId: string,
  options: { currentPassword?: string; keepOwn?: boolean } = {},
) {
  return run(
    client,
    `mutation ($userId: ID!, $currentPassword: String!, $keepOwn: Boolean) {
      outcome: transferOwnership(
        userId: $userId, currentPassword: $currentPassword, keepOwn: $keepOwn
      ) ${userPayload}
    }`,
    { userId, currentPassword: password, ...options },
  );
}

/** One word for how a call ended: `ok`, or the code of its first error of either kind. */
export function ending(
  answer: Answer<{ readonly outcome: { readonly errors: readonly UserError[] } | null }>,
): string {
  return answer.code ?? answer.data.outcome?.errors[0]?.code ?? 'ok';
}

function run(client: Client, mutation: string, variables: Record<string, unknown>) {
  return client.graphql<{ outcome: Outcome | null }>(mutation, variables);
}

/** Gives users exactly these roles, without asking anybody. */
export async function setRoles(
  database: TestDatabase,
  roles: Readonly<Record<string, readonly string[]>>,
): Promise<void> {
  const pairs = Object.entries(roles).flatMap(([user, names]) => names.map((name) => [user, name]));
  await database.query(
    `WITH removed AS (
       DELETE FROM role_assignments a USING roles r
       WHERE r.id = a.role_id AND a.user_id = ANY($1) AND NOT EXISTS (
         SELECT FROM unnest($2::uuid[], $3::text[]) AS kept (user_id, role)
         WHERE kept.user_id = a.user_id AND kept.role = r.name)
     )
     INSERT INTO role_assignments (user_id, role_id, assigned_at)
     SELECT given.user_id, r.id, now()
     FROM unnest($2::uuid[], $3::text[]) AS given (user_id, role) JOIN roles r ON r.name = given.role
     ON CONFLICT DO NOTHING`,
    [Object.keys(roles), pairs.map(([user]) => user), pairs.map(([, name]) => name)],
  );
}

export async function addRole(database: TestDatabase, name: string): Promise<void> {
  await database.query(
    `INSERT INTO roles (id, name, created_at, updated_at)
     VALUES (gen_random_uuid(), $1, now(), now())`,
    [name],
  );
}

/** Every role held by anybody, as `id role`, to see that nothing has changed. */
export async function allAssignments(database: TestDatabase): Promise<string[]> {
  const rows = await database.query<{ line: string }>(
    `SELECT a.user_id || ' ' || r.name AS line
     FROM role_assignments a JOIN roles r ON r.id = a.role_id ORDER BY 1`,
  );
  return rows.map((row) => row.line);
}

/** The audit entries about roles, oldest first. */
export function roleAudit(
  database: TestDatabase,
): Promise<{ action: string; actor_id: string | null; subject_id: string; metadata: unknown }[]> {
  return database.query(
    `SELECT action, actor_id, subject_id, metadata FROM audit_events
     WHERE action LIKE 'role.%' OR action LIKE 'ownership.%' ORDER BY id`,
  );
}

export async function activeOwners(database: TestDatabase): Promise<number> {
  const [row] = await database.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM users u JOIN role_assignments a ON a.user_id = u.id
       JOIN roles r ON r.id = a.role_id WHERE r.name = 'Owner' AND u.is_active`,
  );
  return row?.count ?? 0;
}

/** Several Owners of a fresh database. */
export async function registerOwners(server: TestServer, count: number): Promise<Person[]> {
  const people: Person[] = [];
  for (let index = 0; index < count; index += 1) people.push(await registerPerson(server));
  await setRoles(server.database, Object.fromEntries(people.map(({ id }) => [id, ['Owner']])));
  return people;
}

export const missingId = '019b0000-0000-7000-8000-00000000dead';

/** Makes the database refuse audit entries of these actions until the test ends. */
export async function refuseAudit(database: TestDatabase, actions = '%'): Promise<void> {
  onTestFinished(async () => {
    await database.query('ALTER TABLE audit_events DROP CONSTRAINT refused_by_test');
  });
  await database.query(
    `ALTER TABLE audit_events
     ADD CONSTRAINT refused_by_test CHECK (action NOT LIKE '${actions}') NOT VALID`,
  );
}
