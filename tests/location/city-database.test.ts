import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { registerPerson, registerStaff, type Person } from '../support/people.ts';
import { statementsOf } from '../support/statements.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { addressAlone, databases, registerFrom } from './places.ts';

let server: TestServer;
let administrator: Person;
beforeAll(async () => {
  server = await startTestServer({
    TRUST_PROXY: '1',
    GEOIP_DATABASE: databases.city,
    RUN_JOBS: 'false',
  });
  administrator = (await registerStaff(server)).admin;
});
afterAll(() => server.stop());

const logged = (text: string) => server.logged.filter((line) => line.includes(text));

describe('a registration is placed by a City database', () => {
  test.each([
    ['83.208.93.244', 'CZ', 'Czechia', 'Hlavni mesto Praha', 'Prague'],
    ['177.71.128.1', 'BR', 'Brazil', 'Sao Paulo', 'São Paulo'],
    ['133.11.0.1', 'JP', 'Japan', 'Tokyo', 'Bunkyo-ku'],
    ['139.130.4.5', 'AU', 'Australia', 'Western Australia', 'Broome'],
    ['128.112.1.1', 'US', 'United States', 'New Jersey', 'Princeton'],
    ['193.99.144.80', 'DE', 'Germany', 'Lower Saxony', 'Hanover'],
  ])('%s is in %s', async (ipAddress, countryCode, country, region, city) => {
    const { registration } = await registerFrom(server.client, ipAddress);
    expect(registration).toEqual({ ipAddress, countryCode, country, region, city });
  });

  test.each([
    ['2001:638:208::1', 'DE', 'Germany', 'Baden-Württemberg', 'Mannheim'],
    ['2a02:2f0e::1', 'RO', 'Romania', 'Cluj', 'Cluj-Napoca'],
  ])('%s, an IPv6 address, is in %s', async (ipAddress, countryCode, country, region, city) => {
    const { registration } = await registerFrom(server.client, ipAddress);
    expect(registration).toEqual({ ipAddress, countryCode, country, region, city });
  });

  test.each(['::ffff:131.111.8.42', '::FFFF:836F:82A', '131.111.8.42:50312'])(
    '%s is looked up and stored as the IPv4 address it is',
    async (written) => {
      const { registration } = await registerFrom(server.client, written);
      expect(registration).toEqual({
        ipAddress: '131.111.8.42',
        countryCode: 'GB',
        country: 'United Kingdom',
        region: 'England', // and not Cambridgeshire, which is a part of it
        city: 'Cambridge',
      });
    },
  );

  test('of an address with a country alone only the country is known', async () => {
    const { registration } = await registerFrom(server.client, '2001:218::1');
    expect(registration).toEqual({
      ...addressAlone('2001:218::1'),
      countryCode: 'JP',
      country: 'Japan',
    });
  });

  test('where a network is registered is not where it is in use', async () => {
    // A satellite provider's: registered in the United States, in use anywhere.
    const { registration } = await registerFrom(server.client, '67.43.156.0');
    expect(registration).toEqual(addressAlone('67.43.156.0'));
  });
});

describe('the address alone is stored', () => {
  test.each([
    '10.1.2.3',
    '172.16.0.9',
    '192.168.1.20',
    '100.64.0.1',
    '127.0.0.1',
    '169.254.7.7',
    '203.0.113.7',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    'fd12:3456::1',
    'fe80::1',
    '2001:db8::1',
    'ff02::1',
  ])('of %s, which is no public address, and the log says why', async (address) => {
    const before = logged('its address is not a public one').length;
    const { registration } = await registerFrom(server.client, address);
    expect(registration).toEqual(addressAlone(address));
    expect(logged('its address is not a public one')).toHaveLength(before + 1);
  });

  test.each(['23.131.200.1', '2a10::1'])(
    'of %s, which the database does not know, and the log says why',
    async (address) => {
      const before = logged('nothing is known of its address').length;
      const { registration } = await registerFrom(server.client, address);
      expect(registration).toEqual(addressAlone(address));
      expect(logged('nothing is known of its address')).toHaveLength(before + 1);
    },
  );
});

test('placing a registration costs no statement and leaves no job', async () => {
  const other = await startTestServer({ TRUST_PROXY: '1', RUN_JOBS: 'false' });
  try {
    for (const one of [server, other]) await registerFrom(one.client, '133.11.0.1');
    const placed = await statementsOf(() => registerFrom(server.client, '133.11.0.1'));
    const unplaced = await statementsOf(() => registerFrom(other.client, '133.11.0.1'));
    expect(placed).toHaveLength(unplaced.length);
  } finally {
    await other.stop();
  }
});

test('where somebody registered is shown to them and to administrators only', async () => {
  const somebody = await registerPerson({
    ...server,
    client: server.client.with({ 'x-forwarded-for': '133.11.0.1' }),
  });
  const stranger = await registerPerson(server);
  const query = 'query ($id: ID!) { user(id: $id) { registration { city } } }';
  const askedBy = async (client: typeof server.client) =>
    (await client.graphql<{ user: unknown }>(query, { id: somebody.id })).data.user;
  expect(await askedBy(somebody.client)).toEqual({ registration: { city: 'Bunkyo-ku' } });
  expect(await askedBy(administrator.client)).toEqual({ registration: { city: 'Bunkyo-ku' } });
  expect(await askedBy(stranger.client)).toBeNull();
  const { data } = await somebody.client.graphql('{ me { registration { countryCode city } } }');
  expect(data).toEqual({ me: { registration: { countryCode: 'JP', city: 'Bunkyo-ku' } } });
});
