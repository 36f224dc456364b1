import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Client } from '../support/client.ts';
import { registerPerson, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { statementsOf } from '../support/statements.ts';
import { seedUsers } from './user-queries.ts';

let server: TestServer;
let owner: Person;

beforeAll(async () => {
  server = await startTestServer({ RUN_JOBS: 'false' });
  owner = await registerPerson(server, { email: 'boss@host.example', username: 'boss' });
  await seedUsers(server.database, [
    { name: 'ada', username: 'countess', firstName: 'Augusta Ada', lastName: 'King' },
    { name: 'smith', username: 'johnny', firstName: 'John', lastName: 'Smith' },
    { name: 'percent', firstName: '100% sure' },
    { name: 'under_score', lastName: 'snake_case_name' },
    { name: 'back', firstName: 'C:\\new\\table' },
    { name: 'quote', firstName: "Robert'); DROP TABLE users;--", lastName: '"double" `tick`' },
    { name: 'emoji', firstName: 'Smile 😀👩‍👩‍👧 done' },
    { name: 'rtl', firstName: 'שלום', lastName: 'مرحبا' },
    { name: 'accent', firstName: 'Éloïse', lastName: 'ÅNGSTRÖM' },
    { name: 'onlyfirst', firstName: 'Cher' },
    { name: 'onlylast', lastName: 'Lonely' },
    { name: 'gone', firstName: 'Inactive', isActive: false },
    // For the order: older ones match better, so that being new does not help.
    { name: 'whole-first', firstName: 'Lee', lastName: 'Zwei', createdAt: '2020-01-01Z' },
    { name: 'whole-last', firstName: 'Ann', lastName: 'Lee', createdAt: '2020-01-02Z' },
    { name: 'whole-username', username: 'lee', createdAt: '2020-01-03Z' },
    { name: 'a-beginning', lastName: 'Leeds', createdAt: '2020-01-04Z' },
    { name: 'leela', createdAt: '2020-01-05Z' },
    { name: 'z-beginning', username: 'lee_roy', createdAt: '2020-01-06Z' },
    { name: 'asleep', createdAt: '2020-01-07Z' },
    { name: 'inside', lastName: 'Sleeper', createdAt: '2020-01-08Z' },
    { name: 'far-beginning', lastName: 'Qov\u{10ffff}\u{10ffff}z', createdAt: '2020-01-09Z' },
    { name: 'far-inside', lastName: 'Aqov', createdAt: '2020-01-10Z' },
    { name: 'umlaut-beginning', lastName: 'Östlund', createdAt: '2020-01-11Z' },
    { name: 'umlaut-inside', lastName: 'Göstlund', createdAt: '2020-01-12Z' },
    { name: 'percent-beginning', lastName: '5%_\\x', createdAt: '2020-01-13Z' },
    { name: 'percent-inside', lastName: 'a5%_\\x', createdAt: '2020-01-14Z' },
    ...Array.from({ length: 30 }, (_, index) => ({
      name: `crowd${String(index).padStart(2, '0')}`,
      firstName: `Crowd`,
      lastName: `Member${String(index).padStart(2, '0')}`,
    })),
  ]);
});
afterAll(() => server.stop());

interface Option {
  readonly id: string;
  readonly email: string;
  readonly username: string | null;
  readonly firstName: string | null;
  readonly lastName: string | null;
}

async function search(term: string, client: Client = owner.client) {
  return client.graphql<{ searchUsers: readonly Option[] }>(
    'query ($term: String!) { searchUsers(term: $term) { id email username firstName lastName } }',
    { term },
  );
}

/** The local parts of the addresses found, in the order of the answer. */
async function find(term: string): Promise<string[]> {
  const { data, errors } = await search(term);
  expect(errors).toEqual([]);
  return data.searchUsers.map(({ email }) => email.split('@')[0] ?? '');
}

describe('searchUsers', () => {
  test.each([
    ['the address', 'ADA@SEED', ['ada']],
    ['the whole address', 'ada@seed.example', ['ada']],
    ['a part of the address', 'oss@host', ['boss']],
    ['the username', 'CountesS', ['ada']],
    ['a part of the username', 'ounte', ['ada']],
    ['the first name', 'augusta', ['ada']],
    ['the last name', 'mith', ['smith']],
    ['first and last name together', 'john smith', ['smith']],
    ['the end of one and the beginning of the other', 'hn Sm', ['smith']],
    ['the beginning of both names', 'john s', ['smith']],
    ['a term with white space around', '  cher\n', ['onlyfirst']],
    ['a last name without a first', 'lonely', ['onlylast']],
    ['accents, without regard to case', 'éLOÏSE ång', ['accent']],
    ['accents typed in decomposed form', 'E\u0301loi\u0308se', ['accent']],
    ['an emoji of several code points', '👩‍👩‍👧', ['emoji']],
    ['text from right to left', 'שלום مر', ['rtl']],
    ['the beginning of text from right to left', 'مر', ['rtl']],
    ['an apostrophe and what follows', "'); drop table USERS;--", ['quote']],
    ['quotation marks', '"double" `', ['quote']],
    ['two letters', 'hn', ['smith']],
    ['the last code point there is', 'QOV\u{10ffff}', ['far-beginning']],
    ['what inactive users have, too', 'inactive', ['gone']],
  ])('finds by %s', async (_, term, expected) => {
    expect(await find(term)).toEqual(expected);
  });

  test.each([
    ['%', '0%', ['percent']],
    ['% at the beginning', '%ada', []],
    ['% for anything', 'a%a', []],
    ['two %', '%%', []],
    ['_', 'e_c', ['under_score']],
    ['_ for any character', 'a_a', []],
    ['two _', '__', []],
    ['\\', '\\new', ['back']],
    ['\\ after what a name begins with', 'c:\\new', ['back']],
    ['\\ at the end', 'new\\', ['back']],
    ['\\ alone, twice', '\\\\', []],
  ])('takes %s literally', async (_, term, expected) => {
    expect(await find(term)).toEqual(expected);
  });

  test.each([
    ['empty', ''],
    ['blank', ' \t '],
    ['one letter', 'a'],
    ['one letter between blanks', '  a '],
    ['one emoji', '😀'],
    ['NUL', 'ad\0a'],
    ['a line feed that joins two columns', 'seed.example\ncountess'],
    ['half an emoji', 'smile \ud83d'],
    ['10,000 letters', 'abcdefghij'.repeat(1_000)],
    ['10,000 %', '%'.repeat(10_000)],
    ['10,000 combining marks', '\u0301'.repeat(10_000)],
  ])('finds nobody by a term that is %s', async (_, term) => {
    expect(await find(term)).toEqual([]);
  });

  test('has whole matches first, then beginnings, each by address, then the rest, newest first', async () => {
    expect(await find('LEE')).toEqual([
      'whole-first',
      'whole-last',
      'whole-username',
      'a-beginning',
      'leela',
      'z-beginning',
      'inside',
      'asleep',
    ]);
  });

  test.each([
    ['that goes on with the last code points there are', 'qov', 'far'],
    ['in capitals with an umlaut', 'ÖST', 'umlaut'],
    ['of signs that are patterns elsewhere', '5%_\\', 'percent'],
  ])('has a beginning %s before what is newer and holds it', async (_, term, kind) => {
    expect(await find(term)).toEqual([`${kind}-beginning`, `${kind}-inside`]);
  });

  test('has at most ten, and nobody twice who matches in several ways', async () => {
    for (const term of ['crowd', 'cr', 'member', 'seed.example', 'se', '0']) {
      const names = await find(term);
      expect(names).toHaveLength(term === '0' ? 0 : 10);
      expect(new Set(names).size).toBe(names.length);
    }
    expect(await find('crowd')).toEqual(Array.from({ length: 10 }, (_, index) => `crowd0${index}`));
  });

  test('tells what is needed for choosing', async () => {
    const { data } = await search('countess');
    expect(data.searchUsers).toEqual([
      {
        id: expect.any(String) as string,
        email: 'ada@seed.example',
        username: 'countess',
        firstName: 'Augusta Ada',
        lastName: 'King',
      },
    ]);
  });

  test('costs one statement when beginnings fill the list, and two at most', async () => {
    expect(await statementsOf(() => search('crowd'))).toHaveLength(2); // with the caller's
    expect(await statementsOf(() => search('leela'))).toHaveLength(3);
    expect(await statementsOf(() => search('a'))).toHaveLength(1);
  });
});
