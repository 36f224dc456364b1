import { expect, test } from 'vitest';
import { loginMutation, password, registerPerson } from '../support/people.ts';
import { startTestServer } from '../support/server.ts';
import { statementsOf } from '../support/statements.ts';
import { createWebhook, made } from './webhook-operations.ts';

test('where no webhook wants to hear of it, it costs no statement', async () => {
  const quiet = await startTestServer({ RUN_JOBS: 'false' });
  const boss = await registerPerson(quiet);
  const signIn = () =>
    quiet.client.graphql(loginMutation, { input: { email: boss.email, password } });
  const before = await statementsOf(signIn);
  made(await createWebhook(boss.client, { events: ['USER_DELETED'] }));
  expect(await statementsOf(signIn)).toHaveLength(before.length);
  made(await createWebhook(boss.client, { events: ['USER_SIGNED_IN'] }));
  const told = (await statementsOf(signIn)).length - before.length;
  await quiet.stop();
  // Who listens, who it is, what is told, and the job.
  expect(told).toBe(4);
});
