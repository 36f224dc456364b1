/** A known weakness of a package that stays in use, and why it does no harm here. */
export interface ExplainedAdvisory {
  /** As in its address, such as `GHSA-xxxx-xxxx-xxxx`. */
  readonly id: string;
  readonly reason: string;
  /** When this was last looked at. After half a year it has to be again. */
  readonly on: string;
}

export const explainedAdvisories: readonly ExplainedAdvisory[] = [];

/** Why a package is not of the version that its user asks for. One reason for each override. */
export const explainedOverrides: Readonly<Record<string, string>> = {
  cookie: 'One version for all who read cookies: from 1.0 on, names and values are checked.',
  '@graphql-tools/utils': 'The newest that runs on Node 20, for all who want some version of it.',
  'graphql-rate-limit': 'Was written for an older graphql; two of them cannot share a schema.',
  'type-graphql': 'The same for the library by which it weighs queries.',
  '@whatwg-node/fetch': 'The last that runs on Node 20. Only for generating code.',
  '@graphql-tools/url-loader': 'The last that runs on Node 20. Only for generating code.',
  '@graphql-tools/apollo-engine-loader': 'The last that runs on Node 20. Only for generating code.',
  '@whatwg-node/promise-helpers': 'One version for all who use it, which runs on Node 20.',
};

/** Licences (SPDX) that let a server under MIT be used, changed and sold with what it stands on. */
export const shippedLicences: ReadonlySet<string> = new Set([
  ...['MIT', 'MIT-0', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause'],
  ...['Apache-2.0', 'BlueOak-1.0.0', 'Python-2.0'],
  'LGPL-3.0-or-later', // libvips, which sharp loads as a library of its own that can be replaced
]);

/** What is used to build and to test, and is no part of what runs. */
export const buildingLicences: ReadonlySet<string> = new Set([
  ...shippedLicences,
  'Unlicense', // SHA-256 of the library that verifies webhooks in tests
  'MPL-2.0', // Lightning CSS, of Vite
  'CC-BY-4.0', // the tables of what browsers can do
  'CC-BY-SA-4.0', // a database of places, for tests
  'PSF-2.0', // the command line of markdown-it, which nobody calls
]);
