import type { Answer, Client, UserError } from '../support/client.ts';

/** A user as these operations answer. */
export interface AnsweredUser {
  readonly id: string;
  readonly email: string | null;
  readonly username: string | null;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly timezone: string | null;
  readonly preferredLocale: string | null;
  readonly isActive: boolean | null;
  readonly confirmedAt: string | null;
  readonly roleNames: readonly string[];
}

/** What an operation answered, whichever payload it has. */
interface Outcome {
  readonly user?: AnsweredUser | null;
  readonly count?: number | null;
  readonly errors: readonly UserError[];
}

export type Ending = Answer<{ readonly outcome: Outcome | null }>;

const errors = 'errors { code field message }';
const payload = `{ user {
  id email username firstName lastName timezone preferredLocale isActive confirmedAt roleNames
} ${errors} }`;

type Input = Readonly<Record<string, unknown>>;

export function createUser(client: Client, input: Input, ipAddress?: string): Promise<Ending> {
  const mutation = `mutation ($input: CreateUserInput!, $ipAddress: String) {
    outcome: createUser(input: $input, ipAddress: $ipAddress) ${payload} }`;
  return client.graphql(mutation, { input, ipAddress });
}

export function updateUserProfile(client: Client, userId: string, input: Input): Promise<Ending> {
  const mutation = `mutation ($userId: ID!, $input: ProfileInput!) {
    outcome: updateUserProfile(userId: $userId, input: $input) ${payload} }`;
  return client.graphql(mutation, { userId, input });
}

export function updateUserStatus(
  client: Client,
  userId: string,
  isActive: boolean,
): Promise<Ending> {
  const mutation = `mutation ($userId: ID!, $isActive: Boolean!) {
    outcome: updateUserStatus(userId: $userId, isActive: $isActive) ${payload} }`;
  return client.graphql(mutation, { userId, isActive });
}

export type ConfirmationOperation =
  'adminConfirmUser' | 'adminUnconfirmUser' | 'toggleUserConfirmation';

export function changeConfirmation(
  client: Client,
  operation: ConfirmationOperation,
  userId: string,
): Promise<Ending> {
  const mutation = `mutation ($userId: ID!) { outcome: ${operation}(userId: $userId) ${payload} }`;
  return client.graphql(mutation, { userId });
}

export const newPassword = 'set by an administrator';

export function adminSetPassword(
  client: Client,
  userId: string,
  password = newPassword,
  passwordConfirmation?: string,
): Promise<Ending> {
  const mutation = `mutation ($userId: ID!, $password: String!, $passwordConfirmation: String) {
    outcome: adminSetPassword(
      userId: $userId, password: $password, passwordConfirmation: $passwordConfirmation
    ) ${payload} }`;
  return client.graphql(mutation, { userId, password, passwordConfirmation });
}

export function revokeUserSessions(client: Client, userId: string): Promise<Ending> {
  const mutation = `mutation ($userId: ID!) {
    outcome: revokeUserSessions(userId: $userId) { count ${errors} } }`;
  return client.graphql(mutation, { userId });
}

export function deleteUser(client: Client, userId: string): Promise<Ending> {
  const mutation = `mutation ($userId: ID!) { outcome: deleteUser(userId: $userId) { ${errors} } }`;
  return client.graphql(mutation, { userId });
}

export function revokeToken(client: Client, id: string): Promise<Ending> {
  const mutation = `mutation ($id: ID!) { outcome: revokeToken(id: $id) { ${errors} } }`;
  return client.graphql(mutation, { id });
}

/** Who was answered; throws when nobody was. */
export function userOf({ data, errors: faults }: Ending): AnsweredUser {
  const user = data.outcome?.user;
  if (user) return user;
  throw new Error(`No user was answered: ${JSON.stringify(data.outcome?.errors ?? faults)}`);
}

/** What was refused, as `field CODE`. */
export function refusals({ data }: Ending): string[] {
  return (data.outcome?.errors ?? []).map(({ field, code }) => `${field} ${code}`);
}
