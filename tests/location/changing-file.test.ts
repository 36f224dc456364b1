import { copyFile, readFile, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { expect, onTestFinished, test } from 'vitest';
import { startTestServer, type TestServer } from '../support/server.ts';
import { addressAlone, databases, fileOfItsOwn, registerFrom } from './places.ts';

const prague = '83.208.93.244';
const inPrague = {
  ipAddress: prague,
  countryCode: 'CZ',
  country: 'Czechia',
  region: 'Hlavni mesto Praha',
  city: 'Prague',
};
const inCzechia = { ...addressAlone(prague), countryCode: 'CZ', country: 'Czechia' };

async function startWith(file: string): Promise<TestServer> {
  const environment = { TRUST_PROXY: '1', GEOIP_DATABASE: file, RUN_JOBS: 'false' };
  const server = await startTestServer(environment);
  onTestFinished(() => server.stop());
  return server;
}

async function placeIn(server: TestServer) {
  return (await registerFrom(server.client, prague)).registration;
}

const warnings = (server: TestServer) =>
  server.logged.filter((line) => line.includes('the location database cannot be used'));

/** As a careful operator replaces a file: whole, in one step. */
async function swapIn(database: string, file: string): Promise<void> {
  await symlink(database, `${file}.new`);
  await rename(`${file}.new`, file);
}

test('a Country database gives the country alone', async () => {
  expect(await placeIn(await startWith(databases.country))).toEqual(inCzechia);
});

test('without a file the server starts and says so; the file is used once it is there', async () => {
  const file = await fileOfItsOwn();
  const server = await startWith(file);
  expect(warnings(server)).toHaveLength(1);
  expect(warnings(server)[0]).toContain('ENOENT');

  expect(await placeIn(server)).toEqual(addressAlone(prague));
  expect(await placeIn(server)).toEqual(addressAlone(prague));
  const reasons = server.logged.filter((line) => line.includes('There is no location database'));
  expect(reasons).toHaveLength(2);
  expect(warnings(server)).toHaveLength(1);

  await swapIn(databases.country, file);
  expect(await placeIn(server)).toEqual(inCzechia);
});

test('a file that is swapped in is read, and one that disappears is kept in mind', async () => {
  const file = await fileOfItsOwn();
  await swapIn(databases.country, file);
  const server = await startWith(file);
  expect(await placeIn(server)).toEqual(inCzechia);

  await swapIn(databases.city, file);
  expect(await placeIn(server)).toEqual(inPrague);

  await rm(file);
  expect(await placeIn(server)).toEqual(inPrague);
  expect(warnings(server)).toHaveLength(1);
  expect(warnings(server)[0]).toContain('the one before it stays in use');
});

test('registrations that arrive at once read a new file once', async () => {
  const file = await fileOfItsOwn();
  await swapIn(databases.country, file);
  const server = await startWith(file);
  await swapIn(databases.city, file);
  const places = await Promise.all(Array.from({ length: 10 }, () => placeIn(server)));
  expect(places).toEqual(Array.from({ length: 10 }, () => inPrague));
  const reads = server.logged.filter((line) => line.includes('the location database was read'));
  expect(reads).toHaveLength(2);
});

test.each([
  ['empty', (file: string) => writeFile(file, '')],
  ['something else', (file: string) => writeFile(file, 'This is no database.\n'.repeat(1000))],
  [
    'cut short',
    async (file: string) => {
      await copyFile(databases.country, file);
      await truncate(file, 2_000_000);
    },
  ],
  [
    // What a copy that broke off and went on leaves: its end is whole, so it opens.
    'missing its beginning',
    async (file: string) => {
      await writeFile(file, (await readFile(databases.country)).subarray(2_000_000));
    },
  ],
])('a file that is %s is not used, whether at the start or later', async (_what, spoil) => {
  const file = await fileOfItsOwn();
  await spoil(file);
  const server = await startWith(file);
  expect(warnings(server)).toHaveLength(1);
  expect(await placeIn(server)).toEqual(addressAlone(prague));

  await swapIn(databases.country, file);
  expect(await placeIn(server)).toEqual(inCzechia);

  await rm(file);
  await spoil(file);
  expect(await placeIn(server)).toEqual(inCzechia);
  expect(warnings(server).at(-1)).toContain('the one before it stays in use');
});

test('a file written over in place is read again', async () => {
  const file = await fileOfItsOwn();
  await writeFile(file, 'not yet');
  const server = await startWith(file);
  await copyFile(databases.country, file);
  expect(await placeIn(server)).toEqual(inCzechia);
});

test('with TRACK_REGISTRATION_LOCATION=false nobody is located, and the file is not touched', async () => {
  const server = await startTestServer({
    TRUST_PROXY: '1',
    GEOIP_DATABASE: await fileOfItsOwn(),
    TRACK_REGISTRATION_LOCATION: 'false',
    RUN_JOBS: 'false',
  });
  onTestFinished(() => server.stop());
  expect(await placeIn(server)).toEqual(addressAlone(prague));
  expect(server.logged.filter((line) => /location|place of a registration/.test(line))).toEqual([]);
});

test('without a database and a service nobody is located, and nothing is said of it', async () => {
  const server = await startTestServer({ TRUST_PROXY: '1', RUN_JOBS: 'false' });
  onTestFinished(() => server.stop());
  expect(await placeIn(server)).toEqual(addressAlone(prague));
  expect(server.logged.filter((line) => /location|place of a registration/.test(line))).toEqual([]);
});
