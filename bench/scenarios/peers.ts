import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { stopping, type Bench } from '../support/bench.ts';
import { startChild } from '../support/children.ts';
import { databaseBeside } from '../support/database.ts';
import { startGatehouse } from '../support/gatehouse.ts';
import { okOf, startLoadGenerator } from '../support/load.ts';
import type { LoadJob } from '../support/load-job.ts';
import { asCallers, asCredentials, login, me } from '../support/operations.ts';
import { password } from '../support/people.ts';
import type { Row } from '../support/report.ts';
import { inTurns } from '../support/turns.ts';

const poolSize = '20';
/** As many as sign up in a few seconds, for that hashes a password each. */
const people = 32;

interface Peer {
  readonly url: string;
  /** Of the sessions of as many people. */
  readonly tokens: readonly string[];
}

type Job = Pick<LoadJob, 'connections' | 'query' | 'calls' | 'expected'>;

/** Scenario 2: `me` and `login` against what they are called in other servers, on the same PostgreSQL. */
export async function measurePeers(bench: Bench): Promise<Row[]> {
  return [await measureBetterAuth(bench), ...(await measureParseServer(bench))];
}

function measureBetterAuth(bench: Bench): Promise<Row> {
  return comparing(bench, 'better-auth', async (peer, compare) => {
    const getSession: Job = {
      connections: 32,
      query: { path: '/api/auth/get-session' },
      calls: asCallers(peer.tokens),
      expected: '"email":"person',
    };
    const measured = await compare(
      { ...me, connections: 32, calls: asCallers(bench.people.sessionTokens) },
      getSession,
    );
    return {
      number: '2',
      scenario: `\`me\`, 32 connections, against \`get-session\` of better-auth ${version('better-auth')}`,
      ...measured,
      reach: '≥ 6',
      met: measured.ratio.median >= 6,
    };
  });
}

function measureParseServer(bench: Bench): Promise<Row[]> {
  return comparing(bench, 'parse-server', async ({ tokens }, compare) => {
    const headers = { 'x-parse-application-id': 'bench' };
    const viewer: Job = {
      connections: 32,
      query: '{ viewer { user { objectId email username } } }',
      calls: tokens.map((token) => ({ headers: { ...headers, 'x-parse-session-token': token } })),
      expected: '"email":"person',
    };
    const logIn: Job = {
      connections: 4 * availableParallelism(),
      query: `mutation ($username: String!, $password: String!) {
        logIn(input: { username: $username, password: $password }) {
          viewer { sessionToken user { objectId } }
        }
      }`,
      calls: tokens.map((_, index) => ({
        headers,
        variables: { username: `person${index + 1}@example.com`, password },
      })),
      expected: '"sessionToken":"r:',
    };
    const against = (name: string) =>
      `against \`${name}\` of Parse Server ${version('parse-server')}`;
    const asked = { number: '2', reach: '–', met: undefined };
    return [
      {
        ...asked,
        scenario: `\`me\`, 32 connections, ${against('viewer')}`,
        ...(await compare(
          { ...me, connections: 32, calls: asCallers(bench.people.sessionTokens) },
          viewer,
        )),
      },
      {
        ...asked,
        scenario: `\`login\`, cost 10, ${against('logIn')}, cost 10`,
        ...(await compare(
          {
            ...login,
            connections: logIn.connections,
            calls: asCredentials(bench.people.accounts[10]),
          },
          logIn,
        )),
      },
    ];
  });
}

type Compare = (ours: Job, theirs: Job) => ReturnType<typeof inTurns>;

/** Runs `measure` with Gatehouse and a peer on databases of one server. */
function comparing<T>(
  bench: Bench,
  name: string,
  measure: (peer: Peer, compare: Compare) => Promise<T>,
): Promise<T> {
  return stopping(async (stopLater) => {
    const gatehouse = stopLater(
      await startGatehouse({
        DATABASE_URL: bench.databaseUrl,
        DATABASE_POOL_SIZE: poolSize,
        BCRYPT_COST: '10',
      }),
    );
    const database = stopLater(await databaseBeside(bench.databaseUrl, name));
    const module = new URL(`../peers/${name}.mjs`, import.meta.url);
    const { message: peer } = stopLater(
      await startChild<Peer>(module, [database.url, poolSize, String(people)], bench.dataDir),
    );
    const generator = stopLater(startLoadGenerator());
    const running = (url: string, job: Job) => async (seconds: number) => {
      const result = await generator.run({ url, seconds, ...job });
      okOf(result);
      return result.perSecond;
    };
    const extent = bench.quick ? { rounds: 3, seconds: 1.5 } : { rounds: 7, seconds: 5 };
    return measure(peer, (ours, theirs) =>
      inTurns(extent, running(gatehouse.url, ours), running(peer.url, theirs)),
    );
  });
}

/** Of a package that is installed here. */
function version(name: string): string {
  const file = new URL(`../node_modules/${name}/package.json`, import.meta.url);
  const { version: found } = JSON.parse(readFileSync(file, 'utf8')) as { version: string };
  return found;
}
