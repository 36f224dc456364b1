import { expect } from 'vitest';
import type { Client, UserError } from '../support/client.ts';
import { loginMutation, password, type LoginResult, type Person } from '../support/people.ts';

export interface ListedSession {
  readonly id: string;
  readonly isCurrent: boolean;
  readonly browser: string | null;
  readonly os: string | null;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
  readonly lastSeenAt: string;
  readonly expiresAt: string;
  readonly createdAt: string;
}

const fields = 'id isCurrent browser os ipAddress userAgent lastSeenAt expiresAt createdAt';

/** Tries to sign in; what came of it is in the payload. */
export async function login(client: Client, email: string, input: Record<string, unknown> = {}) {
  const { data, errors } = await client.graphql<LoginResult>(loginMutation, {
    input: { email, password, ...input },
  });
  expect(errors).toEqual([]);
  return data.login;
}

/** The codes of a refused sign-in, in order; empty when it was not refused. */
export async function loginCodes(
  client: Client,
  email: string,
  input: Record<string, unknown> = {},
): Promise<string[]> {
  return (await login(client, email, input)).errors.map(({ code }) => code);
}

/** Signs in once more, as on another device. */
export async function signInAgain(person: Person, client: Client): Promise<Client> {
  const { token, errors } = await login(client, person.email);
  expect(errors).toEqual([]);
  return client.withToken(token ?? '');
}

/** Whose credentials these are, as far as the server is concerned; undefined for nobody's. */
export async function whoIs(client: Client): Promise<string | undefined> {
  const { data, errors } = await client.graphql<{ me: { id: string } | null }>('{ me { id } }');
  expect(errors).toEqual([]);
  return data.me?.id;
}

export async function mySessions(client: Client): Promise<ListedSession[]> {
  const { data, errors } = await client.graphql<{ mySessions: ListedSession[] }>(
    `{ mySessions { ${fields} } }`,
  );
  expect(errors).toEqual([]);
  return data.mySessions;
}

export async function currentSession(client: Client): Promise<ListedSession> {
  const { data, errors } = await client.graphql<{ currentSession: ListedSession }>(
    `{ currentSession { ${fields} } }`,
  );
  expect(errors).toEqual([]);
  return data.currentSession;
}

export async function revokeSession(client: Client, id: string): Promise<string[]> {
  const { data, errors } = await client.graphql<{ revokeSession: { errors: UserError[] } }>(
    'mutation ($id: ID!) { revokeSession(id: $id) { errors { code field message } } }',
    { id },
  );
  expect(errors).toEqual([]);
  return data.revokeSession.errors.map(({ code }) => code);
}

export async function logout(client: Client): Promise<void> {
  const { data, errors } = await client.graphql('mutation { logout { errors { code } } }');
  expect(errors).toEqual([]);
  expect(data).toEqual({ logout: { errors: [] } });
}
