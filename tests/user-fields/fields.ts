import { expect } from 'vitest';
import { told } from '../registration/registering.ts';
import type { Client, UserError } from '../support/client.ts';
import type { TestDatabase } from '../support/database.ts';
import type { TestServer } from '../support/server.ts';

export type Fields = Readonly<Record<string, unknown>>;

interface Outcome {
  readonly user: { readonly id: string; readonly customFields: Fields } | null;
  readonly errors: readonly UserError[];
}

const payload = '{ user { id customFields } errors { code field message } }';

export const updateMutation = `mutation ($userId: ID!, $fields: JSONObject!) {
  outcome: updateUserFields(userId: $userId, fields: $fields) ${payload}
}`;
export const setMutation = `mutation ($userId: ID!, $key: String!, $value: JSON) {
  outcome: setUserCustomField(userId: $userId, key: $key, value: $value) ${payload}
}`;
export const setMineMutation = `mutation ($key: String!, $value: JSON) {
  outcome: setMyCustomField(key: $key, value: $value) ${payload}
}`;
export const deleteMutation = `mutation ($userId: ID!, $key: String!) {
  outcome: deleteUserCustomField(userId: $userId, key: $key) ${payload}
}`;
export const replaceMutation = `mutation ($userId: ID!, $customFields: JSONObject!) {
  outcome: updateUserCustomFields(userId: $userId, customFields: $customFields) ${payload}
}`;

/** The custom fields afterwards (null: refused), and the refusals as `field CODE`. */
async function run(client: Client, mutation: string, variables: Record<string, unknown>) {
  const { data, errors } = await client.graphql<{ outcome: Outcome }>(mutation, variables);
  expect(errors).toEqual([]);
  const { user, errors: refusals } = data.outcome;
  return { customFields: user?.customFields ?? null, refusals: told(refusals) };
}

export function updateFields(client: Client, userId: string, fields: Fields) {
  return run(client, updateMutation, { userId, fields });
}

export function setField(client: Client, userId: string, key: string, value: unknown) {
  return run(client, setMutation, { userId, key, value });
}

export function setMine(client: Client, key: string, value: unknown) {
  return run(client, setMineMutation, { key, value });
}

export function deleteField(client: Client, userId: string, key: string) {
  return run(client, deleteMutation, { userId, key });
}

export function replaceFields(client: Client, userId: string, customFields: Fields) {
  return run(client, replaceMutation, { userId, customFields });
}

export interface BulkResult {
  readonly userId: string;
  readonly user: { readonly id: string } | null;
  readonly errors: readonly UserError[];
}

export const bulkMutation = `mutation ($userIds: [ID!]!, $fields: JSONObject!, $dryRun: Boolean) {
  outcome: bulkUpdateUserFields(userIds: $userIds, fields: $fields, dryRun: $dryRun) {
    results { userId user { id } errors { code field message } }
    updatedCount failedCount errors { code field message }
  }
}`;

export async function bulkUpdate(
  client: Client,
  userIds: readonly string[],
  fields: Fields,
  dryRun = false,
) {
  const { data, errors } = await client.graphql<{
    outcome: {
      results: readonly BulkResult[] | null;
      updatedCount: number | null;
      failedCount: number | null;
      errors: readonly UserError[];
    };
  }>(bulkMutation, { userIds, fields, dryRun });
  expect(errors).toEqual([]);
  return data.outcome;
}

export interface StoredFields {
  readonly email: string;
  readonly username: string | null;
  readonly first_name: string | null;
  readonly last_name: string | null;
  readonly timezone: string | null;
  readonly preferred_locale: string | null;
  readonly custom_fields: Fields;
  readonly updated_at: Date;
}

/** What the database has of a user. */
export async function storedFields(database: TestDatabase, id: string): Promise<StoredFields> {
  const [row] = await database.query<StoredFields>(
    `SELECT email, username, first_name, last_name, timezone, preferred_locale, custom_fields,
       updated_at FROM users WHERE id = $1`,
    [id],
  );
  if (row === undefined) throw new Error(`There is no user ${id}.`);
  return row;
}

/** Gives a user custom fields, without asking any rule. */
export async function giveFields(
  { database }: Pick<TestServer, 'database'>,
  id: string,
  customFields: Fields,
): Promise<void> {
  await database.query('UPDATE users SET custom_fields = $2 WHERE id = $1', [id, customFields]);
}
