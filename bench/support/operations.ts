import { password } from './people.ts';

interface Operation {
  readonly query: string;
  readonly expected: string;
}

export const me: Operation = {
  query: '{ me { id email firstName roleNames } }',
  expected: '{"data":{"me":{"id":"',
};

export const login: Operation = {
  query: `mutation ($input: LoginInput!) {
    login(input: $input) { user { id } token expiresAt errors { code } }
  }`,
  expected: '"token":"gh_s_',
};

export const asCallers = (tokens: readonly string[]) => tokens.map((token) => ({ token }));

export const asCredentials = (emails: readonly string[]) =>
  emails.map((email) => ({ variables: { input: { email, password } } }));
