import { expect } from 'vitest';
import type { Client, UserError } from '../support/client.ts';
import { newEmail, password, registerMutation, type RegisterResult } from '../support/people.ts';

export type Input = Readonly<Record<string, unknown>>;

/** Registers an address nobody has used yet with a good password, unless `input` says otherwise. */
export async function register(client: Client, input: Input = {}) {
  const answer = await client.graphql<RegisterResult>(registerMutation, { input: filled(input) });
  expect(answer.errors).toEqual([]);
  expect(answer.status).toBe(200);
  return answer.data.register;
}

/** What `validateRegistration` finds in the same input. */
export async function validate(client: Client, input: Input = {}) {
  const { data, errors } = await client.graphql<{
    validateRegistration: { valid: boolean; errors: UserError[] };
  }>(
    `query Validate($input: RegisterInput!) {
      validateRegistration(input: $input) { valid errors { code field message } }
    }`,
    { input: filled(input) },
  );
  expect(errors).toEqual([]);
  return data.validateRegistration;
}

function filled(input: Input): Input {
  return { email: newEmail(), password, ...input };
}

/** Violations as `field CODE`, short enough to read in a table. */
export function told(errors: readonly UserError[]): string[] {
  return errors.map(({ field, code }) => `${field} ${code}`);
}
