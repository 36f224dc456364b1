import type { LoadJob } from './load-job.ts';
import { password } from './people.ts';

export const me: Pick<LoadJob, 'query' | 'expected'> = {
  query: '{ me { id email firstName roleNames } }',
  expected: '{"data":{"me":{"id":"',
};

export const login: Pick<LoadJob, 'query' | 'expected'> = {
  query: `mutation ($input: LoginInput!) {
    login(input: $input) { user { id } token expiresAt errors { code } }
  }`,
  expected: '"token":"gh_s_',
};

export const asCallers = (tokens: readonly string[]) => tokens.map((token) => ({ token }));

export const asCredentials = (emails: readonly string[]) =>
  emails.map((email) => ({ variables: { input: { email, password } } }));
