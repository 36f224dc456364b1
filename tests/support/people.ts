import { expect } from 'vitest';
import type { RegisterInput } from '../../client/src/index.ts';
import type { Client, UserError } from './client.ts';
import type { TestServer } from './server.ts';
import { typedClient } from './typed-client.ts';

export const password = 'correct horse battery';

export interface Person {
  readonly id: string;
  readonly email: string;
  readonly username: string;
  readonly token: string;
  /** A client signed in as this person. */
  readonly client: Client;
}

export interface RegisterResult {
  readonly register: {
    readonly user: {
      readonly id: string;
      readonly email: string;
      readonly username: string;
      readonly roleNames: readonly string[];
      readonly confirmedAt: string | null;
    } | null;
    readonly token: string | null;
    readonly expiresAt: string | null;
    readonly errors: readonly UserError[];
  };
}

export const registerMutation = `
  mutation Register($input: RegisterInput!) {
    register(input: $input) {
      user { id email username roleNames confirmedAt }
      token
      expiresAt
      errors { code field message }
    }
  }`;

let counter = 0;

/** An address nobody has used yet. */
export function newEmail(): string {
  counter += 1;
  return `person${counter}@example.com`;
}

/**
 * Registers someone with a confirmed address and signs them in; the first one of a database is its
 * Owner.
 */
export async function registerPerson(
  server: TestServer,
  input: Partial<RegisterInput> = {},
): Promise<Person> {
  const person = await registerUnconfirmed(server, input);
  await server.database.query('UPDATE users SET confirmed_at = now() WHERE id = $1', [person.id]);
  return person;
}

/** Registers someone whose address is not confirmed yet, and signs them in. */
export async function registerUnconfirmed(
  server: TestServer,
  input: Partial<RegisterInput> = {},
): Promise<Person> {
  const { user, token, errors } = await typedClient(server, {
    headers: server.client.headers,
  }).register({
    input: { email: newEmail(), password, signIn: true, ...input },
  });
  expect(errors).toEqual([]);
  if (user === null || token === null) throw new Error('Registering returned no user or token.');
  const { id, email, username } = user;
  if (email === null || username === null) throw new Error('The address or the name is hidden.');
  return { id, email, username, token, client: server.client.withToken(token) };
}

/** The Owner, an Admin and a User of a fresh server. */
export async function registerStaff(
  server: TestServer,
): Promise<{ owner: Person; admin: Person; user: Person }> {
  const owner = await registerPerson(server);
  const admin = await registerPerson(server);
  const user = await registerPerson(server);
  const { errors } = await typedClient(server, owner).promoteToAdmin({ userId: admin.id });
  expect(errors).toEqual([]);
  return { owner, admin, user };
}

export interface LoginResult {
  readonly login: {
    readonly user: { readonly id: string; readonly email: string } | null;
    readonly token: string | null;
    readonly expiresAt: string | null;
    readonly errors: readonly UserError[];
  };
}

export const loginMutation = `
  mutation Login($input: LoginInput!) {
    login(input: $input) { user { id email } token expiresAt errors { code field message } }
  }`;
