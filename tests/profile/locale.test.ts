import { afterAll, beforeAll, expect, test } from 'vitest';
import { auditOf } from '../audit/audit.ts';
import { told } from '../recovery/resets.ts';
import { registerPerson, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { profileOf, setLocale } from './profiles.ts';

let server: TestServer;
let person: Person;
beforeAll(async () => {
  server = await startTestServer();
  person = await registerPerson(server);
});
afterAll(() => server.stop());

test.each([
  ['en-GB', 'en-GB'],
  ['de', 'de'],
  ['EN-us', 'en-US'],
  [' fr-ca\n', 'fr-CA'],
  ['zh-Hant-TW', 'zh-Hant-TW'],
  ['es-419', 'es-419'],
  ['gsw-CH', 'gsw-CH'],
  ['de-1996', 'de-1996'],
  ['iw', 'he'],
])('updates the preferred locale to %j, stored as %s', async (locale, stored) => {
  await setLocale(person.client, 'ja');
  const { user, errors } = await setLocale(person.client, locale);
  expect(errors).toEqual([]);
  expect(user?.preferredLocale).toBe(stored);
  expect((await profileOf(person.client)).preferredLocale).toBe(stored);
});

const refused: readonly (readonly [what: string, locale: string, code: string])[] = [
  ['of a language nobody knows', 'invalid', 'INVALID'],
  ['with an underscore', 'en_GB', 'INVALID'],
  ['that is the name of a language', 'english', 'INVALID'],
  ['of two letters that are no language', 'xx', 'INVALID'],
  ['of no determined language', 'und', 'INVALID'],
  ['of several languages', 'mul', 'INVALID'],
  ['of a region nobody knows', 'en-XX', 'INVALID'],
  ['of an unknown region', 'en-ZZ', 'INVALID'],
  ['that ends early', 'en-', 'INVALID'],
  ['for all', '*', 'INVALID'],
  ['with NUL', 'en\0', 'INVALID'],
  ['of markup', '<b>', 'INVALID'],
  ['of half a character', '\ud83d', 'INVALID'],
  ['of 36 characters', `en-x-${'abcdefgh-'.repeat(3)}abcd`, 'TOO_LONG'],
  ['of 100,000 characters', 'x'.repeat(100_000), 'TOO_LONG'],
];

test.each(refused)('a locale %s is refused and the old one kept', async (_, locale, code) => {
  await setLocale(person.client, 'ja');
  const { user, errors } = await setLocale(person.client, locale);
  expect([user, told(errors)]).toEqual([null, [`locale ${code}`]]);
  expect((await profileOf(person.client)).preferredLocale).toBe('ja');
});

test.each([null, '', '  ', undefined])('clears it with %j', async (locale) => {
  await setLocale(person.client, 'ja');
  const { user, errors } = await setLocale(person.client, locale);
  expect([user?.preferredLocale, errors]).toEqual([null, []]);
});

test('a tag of 35 characters is taken whole', async () => {
  const locale = `en-x-${'abcdefgh-'.repeat(3)}abc`;
  expect(locale).toHaveLength(35);
  expect((await setLocale(person.client, locale)).user?.preferredLocale).toBe(locale);
});

test('is recorded when it changes', async () => {
  const other = await registerPerson(server);
  for (const locale of ['en-GB', 'EN-gb', null]) await setLocale(other.client, locale);
  const entries = await auditOf(server.database, other.id);
  const updates = entries.filter(({ action }) => action === 'profile.updated');
  expect(updates.map(({ metadata }) => metadata)).toEqual([
    { changes: { preferredLocale: { from: null, to: 'en-GB' } } },
    { changes: { preferredLocale: { from: 'en-GB', to: null } } },
  ]);
});
