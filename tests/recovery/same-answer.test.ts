import { expect, onTestFinished, test } from 'vitest';
import type { Answer } from '../support/client.ts';
import { registerPerson, registerUnconfirmed } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { statementsOf } from '../support/statements.ts';
import { expectSameTime } from '../support/timing.ts';
import { requestMutation } from './resets.ts';

const kinds = ['known', 'unknown', 'inactive', 'unconfirmed'] as const;
type Kind = (typeof kinds)[number];

/** As long as each other, so that no length gives anything away. */
const emails: Readonly<Record<Kind, string>> = {
  known: 'person.known@example.com',
  unknown: 'person.other@example.com',
  inactive: 'person.quiet@example.com',
  unconfirmed: 'person.fresh@example.com',
};

async function start(environment: Readonly<Record<string, string>> = {}): Promise<TestServer> {
  const server = await startTestServer(environment);
  onTestFinished(() => server.stop());
  await registerPerson(server, { email: emails.known });
  const { id } = await registerPerson(server, { email: emails.inactive });
  await server.database.query('UPDATE users SET is_active = false WHERE id = $1', [id]);
  await registerUnconfirmed(server, { email: emails.unconfirmed });
  return server;
}

const ask = (server: TestServer, kind: Kind) =>
  server.client.graphql(requestMutation, { email: emails[kind] });

function visible({ status, headers, data, errors }: Answer<unknown>) {
  const names = [...headers.keys()].filter((name) => name !== 'date').sort();
  return { status, names, length: headers.get('content-length'), data, errors };
}

test('the answer is the same whether the address is known, and so are the statements', async () => {
  // Without workers, whose statements are not the request's.
  const server = await start({ RUN_JOBS: 'false' });
  await ask(server, 'known');
  const seen = new Map<Kind, unknown>();
  for (const kind of kinds) {
    const answers: Answer<unknown>[] = [];
    const statements = await statementsOf(async () => {
      answers.push(await ask(server, kind));
    });
    seen.set(kind, { answers: answers.map(visible), statements });
  }
  expect(seen.get('known')).toMatchObject({
    answers: [{ status: 200, data: { requestPasswordReset: { errors: [] } }, errors: [] }],
  });
  for (const kind of kinds) expect(seen.get(kind)).toEqual(seen.get('known'));
});

test('the answer takes as long whether the address is known', async () => {
  const server = await start();
  const asked = async (kind: Kind) => expect((await ask(server, kind)).errors).toEqual([]);
  await expectSameTime({
    unknown: () => asked('unknown'),
    known: () => asked('known'),
    inactive: () => asked('inactive'),
    unconfirmed: () => asked('unconfirmed'),
  });
});
