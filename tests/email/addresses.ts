import { expect } from 'vitest';
import type { Answer, Client, UserError } from '../support/client.ts';
import { password, type Person } from '../support/people.ts';
import type { TestServer } from '../support/server.ts';
import { told } from '../registration/registering.ts';

interface Outcome {
  readonly user: { readonly id: string; readonly email: string; readonly confirmedAt: string };
  readonly errors: readonly UserError[];
}

const requestConfirmationMutation = `mutation ($email: String!) {
  requestEmailConfirmation(email: $email) { errors { code field message } }
}`;

/** The whole answer to a request for a confirmation mail, to compare with others. */
export function askForConfirmation(
  client: Client,
  email: string,
): Promise<Answer<{ requestEmailConfirmation: { errors: UserError[] } }>> {
  return client.graphql(requestConfirmationMutation, { email });
}

export async function requestConfirmation(client: Client, email: string): Promise<string[]> {
  const { data, errors } = await askForConfirmation(client, email);
  expect(errors).toEqual([]);
  return told(data.requestEmailConfirmation.errors);
}

/** Redeems a token; the payload with its refusals as `field CODE`. */
async function redeem(client: Client, operation: string, token: string) {
  const { data, errors } = await client.graphql<Record<string, Outcome>>(
    `mutation ($token: String!) {
      ${operation}(token: $token) { user { id email confirmedAt } errors { code field message } }
    }`,
    { token },
  );
  expect(errors).toEqual([]);
  const { user = null, errors: refusals = [] } = data[operation] ?? {};
  return { user, refusals: told(refusals) };
}

export function confirmEmail(client: Client, token = '') {
  return redeem(client, 'confirmEmail', token);
}

export function confirmEmailChange(client: Client, token = '') {
  return redeem(client, 'confirmEmailChange', token);
}

export async function requestEmailChange(
  client: Client,
  email: string,
  currentPassword = password,
): Promise<string[]> {
  const { data, errors } = await client.graphql<{ requestEmailChange: { errors: UserError[] } }>(
    `mutation ($currentPassword: String!, $email: String!) {
      requestEmailChange(currentPassword: $currentPassword, email: $email) {
        errors { code field message }
      }
    }`,
    { currentPassword, email },
  );
  expect(errors).toEqual([]);
  return told(data.requestEmailChange.errors);
}

interface Validation {
  readonly valid: boolean;
  readonly errors: readonly UserError[];
}

export async function validateEmail(client: Client, email: string): Promise<string[]> {
  const { data, errors } = await client.graphql<{ validateEmail: Validation }>(
    'query ($email: String!) { validateEmail(email: $email) { valid errors { code field message } } }',
    { email },
  );
  expect(errors).toEqual([]);
  return found(data.validateEmail);
}

export async function validateEmailChange(
  client: Client,
  email: string,
  currentPassword = password,
): Promise<string[]> {
  const { data, errors } = await client.graphql<{ validateEmailChange: Validation }>(
    `query ($currentPassword: String!, $email: String!) {
      validateEmailChange(currentPassword: $currentPassword, email: $email) {
        valid errors { code field message }
      }
    }`,
    { currentPassword, email },
  );
  expect(errors).toEqual([]);
  return found(data.validateEmailChange);
}

function found({ valid, errors }: Validation): string[] {
  expect(valid).toBe(errors.length === 0);
  return told(errors);
}

/** Who someone is by now, in the database. */
export async function stored(server: TestServer, { id }: Pick<Person, 'id'>) {
  const [row] = await server.database.query<{ email: string; confirmed: boolean }>(
    'SELECT email, confirmed_at IS NOT NULL AS confirmed FROM users WHERE id = $1',
    [id],
  );
  return row;
}

/** The kinds of mail written to an address so far, oldest first, sent or not. */
export async function mailKinds(server: TestServer, to: string): Promise<string[]> {
  const rows = await server.database.query<{ kind: string }>(
    'SELECT kind FROM mails WHERE lower(recipient) = lower($1) ORDER BY created_at, id',
    [to],
  );
  return rows.map(({ kind }) => kind);
}

/** The contexts of someone's live and expired tokens. */
export async function tokenContexts(server: TestServer, { id }: Pick<Person, 'id'>) {
  const rows = await server.database.query<{ context: string }>(
    'SELECT context FROM one_time_tokens WHERE user_id = $1 ORDER BY context',
    [id],
  );
  return rows.map(({ context }) => context);
}
