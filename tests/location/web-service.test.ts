import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { newEmail, password, registerMutation, type RegisterResult } from '../support/people.ts';
import { startTestServer } from '../support/server.ts';
import { account, refusal, startMaxmindDouble, tokyo, unavailable } from './maxmind-double.ts';
import { addressAlone, databases, registerFrom } from './places.ts';

vi.setConfig({ testTimeout: 120_000 });

const address = '133.11.0.1';
const placeInTokyo = {
  registration_country_code: 'JP',
  registration_country: 'Japan',
  registration_region: 'Tokyo',
  registration_city: 'Bunkyo-ku',
};

async function databaseOfItsOwn(): Promise<TestDatabase> {
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  return database;
}

async function startServer(database: TestDatabase, environment: Readonly<Record<string, string>>) {
  const server = await startTestServer({ TRUST_PROXY: '1', ...environment }, database);
  onTestFinished(() => server.stop());
  return { client: server.client, printed: () => server.logged.join('\n') };
}

async function placeStored(database: TestDatabase, userId: string): Promise<unknown> {
  const [place] = await database.query(
    `SELECT registration_country_code, registration_country, registration_region,
       registration_city FROM users WHERE id = $1`,
    [userId],
  );
  return place;
}

interface Job {
  readonly id: string;
  readonly attempts: number;
  readonly last_error: string | null;
}

function jobs(database: TestDatabase): Promise<Job[]> {
  return database.query<Job>(
    `SELECT id, attempts, last_error FROM graphile_worker.jobs
     WHERE task_identifier = 'locate-registration'`,
  );
}

const soon = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 30_000, interval: 100 });

const allJobsAreDone = (database: TestDatabase) =>
  soon(async () => expect(await jobs(database)).toEqual([]));

describe("MaxMind's web service", () => {
  test('is asked in a job, after the registration was answered', async () => {
    let answer: (reply: typeof tokyo) => void = () => undefined;
    const maxmind = await startMaxmindDouble(new Promise((resolve) => (answer = resolve)));
    const database = await databaseOfItsOwn();
    const { client, printed } = await startServer(database, maxmind.environment);
    const { id, registration } = await registerFrom(client, '::ffff:133.11.0.1');
    expect(registration).toEqual(addressAlone(address));
    answer(tokyo);
    await soon(async () => expect(await placeStored(database, id)).toEqual(placeInTokyo));
    expect(maxmind.asked).toEqual([address]);
    await allJobsAreDone(database);
    expect(printed()).not.toContain(account.MAXMIND_LICENSE_KEY);
  });

  test.each([
    ['IP_ADDRESS_NOT_FOUND', 404],
    ['IP_ADDRESS_RESERVED', 400],
  ])('is asked once when it answers %s, and the log says why', async (code, status) => {
    const maxmind = await startMaxmindDouble(refusal(status, code));
    const database = await databaseOfItsOwn();
    const { client, printed } = await startServer(database, maxmind.environment);
    const { id } = await registerFrom(client, '2400:cb00::1');
    await soon(async () => expect(printed()).toContain('nothing is known of its address'));
    await allJobsAreDone(database);
    expect(maxmind.asked).toEqual(['2400:cb00::1']);
    const names = Object.keys(placeInTokyo);
    const nothing = Object.fromEntries(names.map((name) => [name, null]));
    expect(await placeStored(database, id)).toEqual(nothing);
  });

  test.each([
    ['SERVER_ERROR', unavailable],
    ['INVALID_RESPONSE_BODY', { status: 200, body: '<h1>Welcome</h1>' }],
    ['AUTHORIZATION_INVALID', refusal(401, 'AUTHORIZATION_INVALID')],
    ['OUT_OF_QUERIES', refusal(402, 'OUT_OF_QUERIES')],
  ])('is asked again after a failure such as %s', async (reason, reply) => {
    const maxmind = await startMaxmindDouble(reply, tokyo);
    const database = await databaseOfItsOwn();
    const { client } = await startServer(database, maxmind.environment);
    const { id } = await registerFrom(client, address);
    await soon(async () => expect((await jobs(database))[0]?.last_error).toContain(reason));
    await database.query('SELECT graphile_worker.reschedule_jobs(ARRAY[$1::bigint], now())', [
      (await jobs(database))[0]?.id,
    ]);
    await soon(async () => expect(await placeStored(database, id)).toEqual(placeInTokyo));
    expect(maxmind.asked).toEqual([address, address]);
  });

  test('may answer what no column takes: it is cut or left out', async () => {
    const body = {
      country: { iso_code: 'JPN', names: { en: ' Japan ' } },
      subdivisions: [{ names: { en: 'To\u0000kyo' } }],
      city: { names: { en: '文'.repeat(101) } },
    };
    const maxmind = await startMaxmindDouble({ status: 200, body });
    const database = await databaseOfItsOwn();
    const { client } = await startServer(database, maxmind.environment);
    const { id } = await registerFrom(client, address);
    await soon(async () =>
      expect(await placeStored(database, id)).toEqual({
        registration_country_code: null,
        registration_country: 'Japan',
        registration_region: null,
        registration_city: '文'.repeat(100),
      }),
    );
  });

  test('keeps nobody waiting when it says nothing, and is never asked about private addresses', async () => {
    const maxmind = await startMaxmindDouble();
    const database = await databaseOfItsOwn();
    const { client, printed } = await startServer(database, maxmind.environment);
    const started = Date.now();
    await registerFrom(client, address);
    for (const own of ['10.0.0.7', '192.168.0.7', 'fd00::7', '127.0.0.1']) {
      const { registration } = await registerFrom(client, own);
      expect(registration).toEqual(addressAlone(own));
    }
    // It would be given ten seconds.
    expect(Date.now() - started).toBeLessThan(5_000);
    await soon(async () => expect(maxmind.asked).toEqual([address]));
    expect(await jobs(database)).toHaveLength(1);
    expect(printed().split('its address is not a public one')).toHaveLength(5);
  });

  test('is not asked when there is a database file, even one that cannot be used', async () => {
    const maxmind = await startMaxmindDouble(tokyo);
    for (const file of [databases.country, '/nowhere/location.mmdb']) {
      const database = await databaseOfItsOwn();
      const environment = { ...maxmind.environment, GEOIP_DATABASE: file };
      const { client } = await startServer(database, environment);
      await registerFrom(client, address);
      expect(await jobs(database)).toEqual([]);
    }
    expect(maxmind.asked).toEqual([]);
  });
});

// Nothing listens there: whoever asks fails, and the job is left.
const unreachable = { TRUST_PROXY: '1', ...account, MAXMIND_HOST: '127.0.0.1:9' };

describe('the job', () => {
  test('is left by what was committed only', async () => {
    const database = await databaseOfItsOwn();
    const server = await startTestServer({ ...unreachable, RUN_JOBS: 'false' }, database);
    onTestFinished(() => server.stop());
    const client = server.client.with({ 'x-forwarded-for': address });
    const register = () =>
      client.graphql<RegisterResult>(registerMutation, { input: { email: newEmail(), password } });

    // A commit that fails, after everything else went well.
    await database.query(
      `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'refused'; END $$`,
    );
    await database.query(
      `CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON users DEFERRABLE INITIALLY DEFERRED
       FOR EACH ROW EXECUTE FUNCTION refuse()`,
    );
    expect((await register()).code).toBe('INTERNAL_SERVER_ERROR');
    expect(await jobs(database)).toEqual([]);

    await database.query('DROP TRIGGER refuse ON users');
    expect((await register()).errors).toEqual([]);
    expect(await jobs(database)).toHaveLength(1);
  });

  test('stays, with the reason, while the service cannot be reached', async () => {
    const server = await startTestServer(unreachable);
    onTestFinished(() => server.stop());
    await registerFrom(server.client, address);
    await soon(async () => {
      const [job] = await jobs(server.database);
      expect(job?.last_error).toContain("MaxMind's web service: FETCH_ERROR");
    });
    expect(server.logged.join('\n')).not.toContain(address);
  });

  test('ends with a last word when the service was not reached in a day and a half', async () => {
    const server = await startTestServer(unreachable);
    onTestFinished(() => server.stop());
    await registerFrom(server.client, address);
    await soon(async () => expect((await jobs(server.database))[0]?.attempts).toBe(1));
    // Nobody reschedules a job while a worker has it.
    await soon(async () => {
      const [job] = await jobs(server.database);
      const rescheduled = await server.database.query(
        `SELECT graphile_worker.reschedule_jobs(ARRAY[$1::bigint], now(), attempts => 13)`,
        [job?.id],
      );
      expect(rescheduled).toHaveLength(1);
    });
    await soon(async () => {
      expect(server.logged.join('\n')).toContain('gave up looking for a registration');
    });
  });

  test.each([
    ['the user is gone', unreachable, 'DELETE FROM users'],
    ['places are not asked for any more', { TRACK_REGISTRATION_LOCATION: 'false' }, undefined],
  ])('does nothing when %s', async (_what, environment, arrangement) => {
    const database = await databaseOfItsOwn();
    const before = await startTestServer({ ...unreachable, RUN_JOBS: 'false' }, database);
    await registerFrom(before.client, address);
    await before.stop();
    expect(await jobs(database)).toHaveLength(1);
    if (arrangement !== undefined) await database.query(arrangement);
    const after = await startTestServer(environment, database);
    await allJobsAreDone(database).finally(() => after.stop());
  });
});
