import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { Client, UserError } from '../support/client.ts';
import { mailsTo, newestMail } from '../support/mailbox.ts';
import type { TestServer } from '../support/server.ts';

export const requestMutation = `mutation ($email: String!) {
  requestPasswordReset(email: $email) { errors { code field message } } }`;

export const newPassword = 'a new long password';

/** Asks for a link; what was refused, as `field CODE`. */
export async function requestReset(client: Client, email: string): Promise<string[]> {
  const { data, errors } = await client.graphql<{ requestPasswordReset: { errors: UserError[] } }>(
    requestMutation,
    { email },
  );
  expect(errors).toEqual([]);
  return told(data.requestPasswordReset.errors);
}

/** Asks for a link and reads the mail: the token in it. */
export async function mailedToken(server: TestServer, email: string): Promise<string> {
  await mailsTo(server, email); // what was sent before is not what is waited for
  expect(await requestReset(server.client, email)).toEqual([]);
  const { token } = await newestMail(server, email);
  if (token === undefined) throw new Error('There is no token in the mail.');
  return token;
}

export async function findReset(client: Client, token: string) {
  const { data, errors } = await client.graphql<{
    passwordReset: { maskedEmail: string; expiresAt: string } | null;
  }>('query ($token: String!) { passwordReset(token: $token) { maskedEmail expiresAt } }', {
    token,
  });
  expect(errors).toEqual([]);
  return data.passwordReset;
}

export interface ResetResult {
  readonly resetPassword: {
    readonly user: {
      readonly id: string;
      readonly email: string | null;
      readonly confirmedAt: string | null;
    } | null;
    readonly errors: readonly UserError[];
  };
}

export const resetMutation = `
  mutation ($token: String!, $password: String!, $passwordConfirmation: String) {
    resetPassword(token: $token, password: $password, passwordConfirmation: $passwordConfirmation) {
      user { id email confirmedAt } errors { code field message } } }`;

export async function reset(
  client: Client,
  token: string,
  password = newPassword,
  passwordConfirmation?: string,
) {
  const { data, errors } = await client.graphql<ResetResult>(resetMutation, {
    token,
    password,
    passwordConfirmation,
  });
  expect(errors).toEqual([]);
  return data.resetPassword;
}

/** Violations as `field CODE`. */
export function told(errors: readonly UserError[]): string[] {
  return errors.map(({ field, code }) => `${field} ${code}`);
}

/** Arranges a token of any kind for someone, as if it had been mailed. */
export async function arrangeToken(
  server: TestServer,
  person: { readonly id: string; readonly email: string },
  context = 'reset_password',
): Promise<string> {
  const token = randomBytes(48).toString('base64url');
  await server.database.query(
    `INSERT INTO one_time_tokens
       (id, user_id, context, token_hash, email, sent_to, created_at, expires_at)
     VALUES ($1, $2, $3, $4, $5, $5, now(), now() + interval '1 hour')
     ON CONFLICT (user_id, context) DO UPDATE SET token_hash = excluded.token_hash`,
    [randomUUID(), person.id, context, createHash('sha256').update(token).digest(), person.email],
  );
  return token;
}

/** What must stay as it was when a reset or a change of the password is refused. */
export async function stateOf(server: TestServer, person: { readonly id: string }) {
  const [row] = await server.database.query(
    `SELECT password_hash, confirmed_at, updated_at,
       (SELECT count(*)::int FROM sessions WHERE user_id = $1) AS sessions,
       (SELECT array_agg(context ORDER BY context) FROM one_time_tokens WHERE user_id = $1) AS tokens,
       (SELECT count(*)::int FROM mails WHERE user_id = $1) AS mails,
       (SELECT count(*)::int FROM audit_events WHERE subject_id = $1) AS events
     FROM users WHERE id = $1`,
    [person.id],
  );
  return row;
}
