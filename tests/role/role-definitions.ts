import type { Answer, Client, UserError } from '../support/client.ts';
import type { TestDatabase } from '../support/database.ts';

/** What is given of a role; what is left out is not sent. */
export interface RoleFields {
  readonly name?: string | null;
  readonly description?: string | null;
}

export interface RoleOutcome {
  readonly outcome: {
    readonly role: {
      readonly id: string;
      readonly name: string;
      readonly description: string | null;
      readonly isSystem: boolean;
    } | null;
    readonly errors: readonly UserError[];
  } | null;
}

const payload = '{ role { id name description isSystem } errors { code field message } }';

export function createRole(client: Client, fields: RoleFields): Promise<Answer<RoleOutcome>> {
  return client.graphql(
    `mutation ($name: String!, $description: String) {
      outcome: createRole(name: $name, description: $description) ${payload}
    }`,
    { ...fields },
  );
}

export function updateRole(
  client: Client,
  id: string,
  fields: RoleFields,
): Promise<Answer<RoleOutcome>> {
  return client.graphql(
    `mutation ($id: ID!, $name: String, $description: String) {
      outcome: updateRole(id: $id, name: $name, description: $description) ${payload}
    }`,
    { id, ...fields },
  );
}

export function deleteRole(client: Client, id: string): Promise<Answer<RoleOutcome>> {
  return client.graphql(`mutation ($id: ID!) { outcome: deleteRole(id: $id) ${payload} }`, { id });
}

/** One word for how a call ended: `ok`, or the code of its first error of either kind. */
export function endingOf({ code, data }: Answer<RoleOutcome>): string {
  return code ?? data.outcome?.errors[0]?.code ?? 'ok';
}

/** The codes and fields of everything that was refused. */
export function refusalsOf({ data }: Answer<RoleOutcome>): string[] {
  return (data.outcome?.errors ?? []).map(({ code, field }) => `${code} ${field ?? ''}`);
}

/** The id of a role by its name. */
export async function roleId(database: TestDatabase, name: string): Promise<string> {
  const [row] = await database.query<{ id: string }>('SELECT id FROM roles WHERE name = $1', [
    name,
  ]);
  return row?.id ?? '';
}

/** Every role as a line, to see that nothing has changed. */
export async function allRoles(database: TestDatabase): Promise<string[]> {
  const rows = await database.query<{ line: string }>(
    `SELECT concat_ws('|', id, name, coalesce(description, '-'), updated_at) AS line
     FROM roles ORDER BY id`,
  );
  return rows.map(({ line }) => line);
}
