/**
 * A thousand users of a server that has just been started for the first time: each registers,
 * signs in and reads `me`, over HTTP. Ends with an error when anything was answered wrongly.
 *
 *     npx tsx bench/thousand-users.ts [--users=1000] [--connections=32] [--cost=10]
 */
import { parseArgs } from 'node:util';
import { stopping } from './support/bench.ts';
import { createDataDirectory, removeDataDirectory } from './support/database.ts';
import { buildGatehouse, startGatehouse } from './support/gatehouse.ts';
import { graphqlRequest, HttpConnection } from './support/http-connection.ts';
import { login } from './support/operations.ts';
import { password } from './support/people.ts';
import { milliseconds, perSecond } from './support/report.ts';
import { percentiles } from './support/statistics.ts';

const { values: options } = parseArgs({
  options: {
    users: { type: 'string', default: '1000' },
    connections: { type: 'string', default: '32' },
    // The least that production accepts: at the default of 12 hashing takes four times as long.
    cost: { type: 'string', default: '10' },
  },
});

interface Person {
  readonly email: string;
  id?: string;
  token?: string;
}

/** One step of a user's: what is asked, and whether the answer is right. */
interface Step {
  readonly name: string;
  call(person: Person): Parameters<typeof graphqlRequest>[1];
  accept(person: Person, body: string): boolean;
}

const register: Step = {
  name: 'register',
  call: ({ email }) => ({
    query: 'mutation ($input: RegisterInput!) { register(input: $input) { user { id } } }',
    variables: { input: { email, password, firstName: 'Ann' } },
  }),
  accept(person, body) {
    const id = /"id":"([0-9a-f-]{36})"/.exec(body)?.[1];
    if (id !== undefined) person.id = id;
    return id !== undefined;
  },
};

const signIn: Step = {
  name: 'login',
  call: ({ email }) => ({ query: login.query, variables: { input: { email, password } } }),
  accept(person, body) {
    const token = /"token":"(gh_s_[\w-]{64})"/.exec(body)?.[1];
    if (token !== undefined) person.token = token;
    return token !== undefined && body.includes(`"id":"${person.id ?? ''}"`);
  },
};

const readMe: Step = {
  name: 'me',
  call: ({ token }) => ({
    query: '{ me { id email firstName roleNames } }',
    ...(token !== undefined && { token }),
  }),
  accept: ({ id, email }, body) =>
    body.includes(`{"me":{"id":"${id ?? ''}","email":"${email}","firstName":"Ann","roleNames":["`),
};

/** Takes every person through one step, and answers how many answers were wrong. */
async function take(step: Step, people: readonly Person[], url: URL): Promise<number> {
  const waiting = [...people];
  const latencies: number[] = [];
  let errors = 0;
  const work = async () => {
    const connection = new HttpConnection(url);
    for (let person = waiting.shift(); person !== undefined; person = waiting.shift()) {
      const sentAt = performance.now();
      const { status, body } = await connection.request(graphqlRequest(url, step.call(person)));
      latencies.push(performance.now() - sentAt);
      if (status === 200 && step.accept(person, body)) continue;
      errors += 1;
      if (errors === 1) console.error(`${step.name}, ${person.email}: ${status} ${body}`);
    }
    connection.close();
  };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: Number(options.connections) }, work));
  report(step.name, latencies, errors, performance.now() - startedAt);
  return errors;
}

function report(name: string, latencies: number[], errors: number, elapsed: number): void {
  const { count, p50, p95, p99, max } = percentiles(latencies);
  const times = [p50, p95, p99, max].map((value) => milliseconds(value).padStart(8)).join(' ');
  const throughput = perSecond(count / (elapsed / 1000)).padStart(9);
  console.log(`${name.padEnd(9)}${String(count).padStart(6)} ${throughput}${times}   ${errors}`);
}

buildGatehouse();
const dataDir = await createDataDirectory();
try {
  const errors = await stopping(async (stopLater) => {
    const environment = { DATA_DIR: dataDir, BCRYPT_COST: options.cost };
    const gatehouse = stopLater(await startGatehouse(environment));
    const people = Array.from({ length: Number(options.users) }, (_, index) => ({
      email: `person${index + 1}@example.com`,
    }));
    console.log('step      count  per second     p50      p95      p99      max   errors');
    let wrong = 0;
    for (const step of [register, signIn, readMe]) {
      wrong += await take(step, people, new URL(gatehouse.url));
    }
    return wrong;
  });
  console.log(errors === 0 ? 'No errors.' : `${errors} errors.`);
  process.exitCode = errors === 0 ? 0 : 1;
} finally {
  await removeDataDirectory(dataDir);
}
