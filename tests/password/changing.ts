import { expect } from 'vitest';
import type { Client, UserError } from '../support/client.ts';
import { password } from '../support/people.ts';

export const changeMutation = `mutation ($input: ChangePasswordInput!) {
  changePassword(input: $input) {
    user { id email } token expiresAt errors { code field message } } }`;

export interface ChangeResult {
  readonly changePassword: {
    readonly user: { readonly id: string; readonly email: string | null } | null;
    readonly token: string | null;
    readonly expiresAt: string | null;
    readonly errors: readonly UserError[];
  };
}

export const newPassword = 'a new long password';

type Input = Readonly<Record<string, unknown>>;

const filled = (input: Input) => ({ currentPassword: password, password: newPassword, ...input });

/** Changes the password from the one everybody has to a new one, unless `input` says otherwise. */
export async function change(client: Client, input: Input = {}) {
  const answer = await client.graphql<ChangeResult>(changeMutation, { input: filled(input) });
  expect(answer.errors).toEqual([]);
  return { ...answer.data.changePassword, cookies: answer.headers.getSetCookie() };
}

/** What `validatePassword` finds in the same input. */
export async function validate(client: Client, input: Input = {}) {
  const { data, errors } = await client.graphql<{
    validatePassword: { valid: boolean; errors: UserError[] };
  }>(
    `query ($input: ChangePasswordInput!) {
      validatePassword(input: $input) { valid errors { code field message } } }`,
    { input: filled(input) },
  );
  expect(errors).toEqual([]);
  return data.validatePassword;
}
