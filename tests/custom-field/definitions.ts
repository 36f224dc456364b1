import { expect } from 'vitest';
import type { Client, UserError } from '../support/client.ts';
import type { TestDatabase } from '../support/database.ts';

export interface Definition {
  readonly key: string;
  readonly label: string;
  readonly type: string;
  readonly required: boolean;
  readonly position: number;
  readonly enabled: boolean;
  readonly userEditable: boolean;
  readonly options: readonly string[] | null;
  readonly validation: {
    readonly min: number | null;
    readonly max: number | null;
    readonly pattern: string | null;
  };
  readonly defaultValue: unknown;
}

export type DefinitionInput = Readonly<Record<string, unknown>>;

const definition = `{
  key label type required position enabled userEditable options validation { min max pattern }
  defaultValue
}`;
const payload = `{ customFieldDefinition ${definition} errors { code field message } }`;

export const defineMutation = `mutation ($input: DefineCustomFieldInput!) {
  outcome: defineCustomField(input: $input) ${payload}
}`;
export const updateMutation = `mutation ($key: String!, $input: UpdateCustomFieldInput!) {
  outcome: updateCustomFieldDefinition(key: $key, input: $input) ${payload}
}`;
export const removeMutation = `mutation ($key: String!) {
  outcome: removeCustomFieldDefinition(key: $key) ${payload}
}`;
export const reorderMutation = `mutation ($keys: [String!]!) {
  outcome: reorderCustomFields(keys: $keys) {
    customFieldDefinitions ${definition} errors { code field message }
  }
}`;

interface Outcome {
  readonly customFieldDefinition: Definition | null;
  readonly errors: readonly UserError[];
}

async function run(client: Client, mutation: string, variables: Record<string, unknown>) {
  const { data, errors } = await client.graphql<{ outcome: Outcome }>(mutation, variables);
  expect(errors).toEqual([]);
  return data.outcome;
}

export function define(client: Client, input: DefinitionInput) {
  return run(client, defineMutation, { input });
}

/** Defines a field that nothing is wrong with. */
export async function defined(client: Client, input: DefinitionInput): Promise<Definition> {
  const { customFieldDefinition, errors } = await define(client, input);
  expect(errors).toEqual([]);
  if (customFieldDefinition === null) throw new Error('Defining returned nothing.');
  return customFieldDefinition;
}

export function updateDefinition(client: Client, key: string, input: DefinitionInput) {
  return run(client, updateMutation, { key, input });
}

export function removeDefinition(client: Client, key: string) {
  return run(client, removeMutation, { key });
}

/** The keys in their new order, and what was refused. */
export async function reorder(client: Client, keys: readonly string[]) {
  const { data, errors } = await client.graphql<{
    outcome: { customFieldDefinitions: Definition[] | null; errors: UserError[] };
  }>(reorderMutation, { keys });
  expect(errors).toEqual([]);
  const { customFieldDefinitions, errors: refusals } = data.outcome;
  return { keys: customFieldDefinitions?.map(({ key }) => key) ?? null, errors: refusals };
}

export async function definitionsSeenBy(client: Client): Promise<Definition[]> {
  const { data, errors } = await client.graphql<{ customFieldDefinitions: Definition[] }>(
    `{ customFieldDefinitions ${definition} }`,
  );
  expect(errors).toEqual([]);
  return data.customFieldDefinitions;
}

/** What the audit log says about definitions, oldest first. */
export function definitionAudit(
  database: TestDatabase,
): Promise<{ action: string; actor_id: string; subject_id: null; metadata: unknown }[]> {
  return database.query(
    `SELECT action, actor_id, subject_id, metadata FROM audit_events
     WHERE action LIKE 'custom_field%' ORDER BY id`,
  );
}
