import { expect } from 'vitest';
import type { Client, UserError } from '../support/client.ts';

export interface Profile {
  readonly username: string | null;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly timezone: string | null;
  readonly preferredLocale: string | null;
}

type Input = Readonly<Record<string, unknown>>;

const fields = 'username firstName lastName timezone preferredLocale';

export const updateMutation = `mutation ($input: ProfileInput!) {
  updateProfile(input: $input) { user { ${fields} } errors { code field message } } }`;

const localeMutation = `mutation ($locale: String) {
  updateLocalePreference(locale: $locale) { user { ${fields} } errors { code field message } } }`;

interface Outcome {
  readonly user: Profile | null;
  readonly errors: readonly UserError[];
}

export async function update(client: Client, input: Input): Promise<Outcome> {
  const answer = await client.graphql<{ updateProfile: Outcome }>(updateMutation, { input });
  expect(answer.errors).toEqual([]);
  return answer.data.updateProfile;
}

export async function setLocale(client: Client, locale?: string | null): Promise<Outcome> {
  const answer = await client.graphql<{ updateLocalePreference: Outcome }>(localeMutation, {
    locale,
  });
  expect(answer.errors).toEqual([]);
  return answer.data.updateLocalePreference;
}

/** What `validateProfile` finds in the same input. */
export async function validate(client: Client, input: Input) {
  const { data, errors } = await client.graphql<{
    validateProfile: { valid: boolean; errors: UserError[] };
  }>(
    `query ($input: ProfileInput!) {
      validateProfile(input: $input) { valid errors { code field message } } }`,
    { input },
  );
  expect(errors).toEqual([]);
  return data.validateProfile;
}

export async function profileOf(client: Client): Promise<Profile> {
  const { data, errors } = await client.graphql<{ me: Profile }>(`{ me { ${fields} } }`);
  expect(errors).toEqual([]);
  return data.me;
}
