import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { registerPerson, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { findNames, listUsers, seedUsers } from './user-queries.ts';

let server: TestServer;
let owner: Person;

beforeAll(async () => {
  server = await startTestServer();
  owner = await registerPerson(server, { email: 'boss@host.example' });
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
    { name: 'onlylast', lastName: 'Lonely' },
    { name: 'onlyfirst', firstName: 'Cher' },
  ]);
});
afterAll(() => server.stop());

const find = (search: string) => findNames(owner.client, { search, sort: 'EMAIL_ASC' });

describe('a search', () => {
  test.each([
    ['the address', 'ADA@SEED', ['ada']],
    ['the username', 'OunTess', ['ada']],
    ['the first name', 'augusta', ['ada']],
    ['the last name', 'mith', ['smith']],
    ['first and last name together', 'ada king', ['ada']],
    ['the end of one and the beginning of the other', 'hn Sm', ['smith']],
    ['a term with white space around', '  cher\n', ['onlyfirst']],
    ['a last name without a first', 'lonely', ['onlylast']],
    ['accents, without regard to case', 'éLOÏSE ång', ['accent']],
    ['accents typed in decomposed form', 'E\u0301loi\u0308se', ['accent']],
    ['an emoji of several code points', '👩‍👩‍👧', ['emoji']],
    ['two emoji', '😀👩', ['emoji']],
    ['text from right to left', 'שלום مر', ['rtl']],
    ['an apostrophe and what follows', "'); drop table USERS;--", ['quote']],
    ['quotation marks', '"double" `', ['quote']],
    ['two letters', 'hn', ['smith']],
  ])('finds by %s', async (_, term, expected) => {
    expect(await find(term)).toEqual(expected);
  });

  test.each([
    ['%', '0%', ['percent']],
    ['% for anything', 'a%a', []],
    ['two %', '%%', []],
    ['_', 'e_c', ['under_score']],
    ['_ for any character', 'a_a', []],
    ['two _', '__', []],
    ['\\', '\\new', ['back']],
    ['\\ at the end', 'new\\', ['back']],
    ['\\ alone, twice', '\\\\', []],
    ['\\ before %', '\\%', []],
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
  ])('finds nobody by a term that is %s', async (_, term) => {
    const { data, errors } = await listUsers(owner.client, { search: term });
    expect(errors).toEqual([]);
    expect(data.users).toMatchObject({ nodes: [], totalCount: 0, totalPages: 1 });
  });

  test.each([
    ['from the address into the username', 'seed.examplecountess'],
    ['from the address into the username with a blank', 'seed.example countess'],
    ['from the username into the first name', 'countess augusta'],
    ['from the last name into the first', 'king augusta'],
  ])('does not match %s', async (_, term) => {
    expect(await find(term)).toEqual([]);
  });

  test('by a term of 10,000 characters finds nobody, and 10,000 % neither', async () => {
    expect(await find('abcdefghij'.repeat(1_000))).toEqual([]);
    expect(await find('%'.repeat(10_000))).toEqual([]);
    expect(await find('\u0301'.repeat(10_000))).toEqual([]);
  });
});
