import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  registerMutation,
  newEmail,
  password,
  registerPerson,
  registerUnconfirmed,
} from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { compare, isAlike, type Comparison } from './comparison.ts';

// Whether a stranger with a good clock can tell who has an account. `npm run test:timing`.
const batch = 20;

/** As long as each other, so that no length gives anything away. */
const emails = {
  unknown: 'person.other@example.com',
  known: 'person.known@example.com',
  inactive: 'person.quiet@example.com',
  unconfirmed: 'person.fresh@example.com',
} as const;

let server: TestServer;
beforeAll(async () => {
  // Of what production may have the cheapest hashing, which hides least; limits would end it soon.
  server = await startTestServer({
    BCRYPT_COST: '10',
    HIDE_REGISTERED_EMAILS: 'false',
    RATE_LIMITS: 'off',
  });
  await registerPerson(server, { email: emails.known });
  const { id } = await registerPerson(server, { email: emails.inactive });
  await server.database.query('UPDATE users SET is_active = false WHERE id = $1', [id]);
  await registerUnconfirmed(server, { email: emails.unconfirmed });
});
afterAll(() => server.stop());

type Calls = Readonly<Record<string, () => Promise<unknown>>>;

/**
 * Makes so many calls of each kind, and holds all against the first. Twenty of each are shuffled
 * together: what a call leaves behind, a mail that is now sent for instance, slows those of its own
 * kind as often as others.
 */
async function compareAll(calls: Calls, count: number): Promise<Record<string, Comparison>> {
  const kinds = Object.keys(calls);
  const times = new Map(kinds.map((kind) => [kind, [] as number[]]));
  for (let made = -batch; made < count; made += batch) {
    for (const kind of shuffled(kinds.flatMap((kind) => Array<string>(batch).fill(kind)))) {
      const started = performance.now();
      await calls[kind]?.();
      // The first are made to prepare statements, and to compile what is run often.
      if (made >= 0) times.get(kind)?.push(performance.now() - started);
    }
  }
  const [[first = '', measured = []] = [], ...others] = times;
  return Object.fromEntries(
    others.map(([kind, other]) => [`${kind} against ${first}`, compare(measured, other)]),
  );
}

function shuffled(all: readonly string[]): string[] {
  const drawn = all.map((one) => ({ one, place: Math.random() }));
  return drawn.sort((left, right) => left.place - right.place).map(({ one }) => one);
}

/** Prints the figures, and measures once more where something else kept the machine busy. */
async function expectAlike(operation: string, calls: Calls, count = 200): Promise<void> {
  for (const isLast of [false, true]) {
    const comparisons = await compareAll(calls, count);
    for (const [kinds, comparison] of Object.entries(comparisons)) {
      console.log(`${operation}, ${kinds}: ${inWords(comparison)}`);
    }
    if (isLast || Object.values(comparisons).every(isAlike)) {
      const told = Object.entries(comparisons).filter(([, one]) => !isAlike(one));
      expect(told.map(([kinds]) => kinds)).toEqual([]);
      return;
    }
  }
}

function inWords({ rounds, median, difference, from, to, share }: Comparison): string {
  const signed = (time: number) => `${time < 0 ? '' : '+'}${time.toFixed(3)}`;
  return (
    `${rounds} of each, median ${median.toFixed(2)} ms, difference ${signed(difference)} ms ` +
    `(99 %: ${signed(from)} to ${signed(to)}), longer in ${(share * 100).toFixed(1)} % of pairs`
  );
}

/** An answer that is no answer would be alike, too. */
async function ask(operation: string, variables: Record<string, unknown>, code?: string) {
  const { data, errors } = await server.client.graphql<
    Record<string, { errors: { code: string }[] }>
  >(operation, variables);
  expect(errors).toEqual([]);
  const codes = Object.values(data).flatMap((payload) => payload.errors.map((error) => error.code));
  expect(codes).toEqual(code === undefined ? [] : [code]);
}

test('signing in tells nobody by its time which addresses are known', async () => {
  const mutation = `mutation ($email: String!) {
    login(input: { email: $email, password: "no, not this" }) { errors { code } } }`;
  const refuse = (email: string) => () => ask(mutation, { email }, 'INVALID_CREDENTIALS');
  await expectAlike('login', {
    unknown: refuse(emails.unknown),
    known: refuse(emails.known),
    inactive: refuse(emails.inactive),
  });
});

test.each(['requestPasswordReset', 'requestEmailConfirmation'])(
  '%s tells nobody by its time which addresses are known',
  async (operation) => {
    const mutation = `mutation ($email: String!) { ${operation}(email: $email) { errors { code } } }`;
    const request = (email: string) => () => ask(mutation, { email });
    const kinds = Object.entries(emails).map(([kind, email]) => [kind, request(email)]);
    // Without hashing they are short, and more of them are needed to see as little.
    await expectAlike(operation, Object.fromEntries(kinds) as Calls, 1000);
  },
);

test('registering tells nobody by its time which addresses are taken, where they are hidden', async () => {
  const hiding = await startTestServer(
    { BCRYPT_COST: '10', HIDE_REGISTERED_EMAILS: 'true', RATE_LIMITS: 'off' },
    server.database,
  );
  const register = async (email: string) => {
    const { data, errors } = await hiding.client.graphql(registerMutation, {
      input: { email, password },
    });
    expect(errors).toEqual([]);
    expect(data).toEqual({ register: { user: null, token: null, expiresAt: null, errors: [] } });
  };
  await expectAlike('register', {
    free: () => register(newEmail()),
    taken: () => register(emails.known),
  });
  await hiding.stop();
});
