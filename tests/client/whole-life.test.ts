import { expect, onTestFinished, test } from 'vitest';
import { tokenInMemory } from '../../client/src/index.ts';
import { newestMail } from '../support/mailbox.ts';
import { newEmail, password, registerPerson } from '../support/people.ts';
import { startTestServer } from '../support/server.ts';
import { typedClient } from '../support/typed-client.ts';

test('the whole life of an account can be led with the client alone', async () => {
  const server = await startTestServer();
  onTestFinished(() => server.stop());
  await registerPerson(server); // the Owner, who needs no confirmation
  const [email, later] = [newEmail(), newEmail()];
  const mailed = async (to: string) => (await newestMail(server, to)).token ?? '';
  const visitor = typedClient(server);
  const signIn = async (login: string, secret: string) => {
    const client = typedClient(server, { tokenStorage: tokenInMemory() });
    const { errors } = await client.login({ input: { email: login, password: secret } });
    expect(errors).toEqual([]);
    return client;
  };

  const registered = await visitor.register({ input: { email, password } });
  expect(registered).toMatchObject({ user: { email, confirmedAt: null }, errors: [] });
  const { user } = await visitor.confirmEmail({ token: await mailed(email) });
  expect(user?.confirmedAt).toBeTruthy();

  const first = await signIn(email, password);
  await first.updateProfile({ input: { firstName: 'Ada' } });
  expect(await first.me()).toMatchObject({ displayName: 'Ada' });
  expect((await first.logout()).errors).toEqual([]);
  expect(await first.me()).toBeNull();

  await visitor.requestPasswordReset({ email });
  const token = await mailed(email);
  expect(await visitor.passwordReset({ token })).not.toBeNull();
  const forgotten = 'no longer forgotten';
  expect((await visitor.resetPassword({ token, password: forgotten })).errors).toEqual([]);

  const second = await signIn(email, forgotten);
  await second.requestEmailChange({ currentPassword: forgotten, email: later });
  await visitor.confirmEmailChange({ token: await mailed(later) });
  expect(await second.me()).toMatchObject({ email: later });

  const third = await signIn(later, forgotten);
  const sessions = await third.mySessions();
  expect(sessions.map(({ isCurrent }) => isCurrent)).toEqual([true, false]);
  await third.revokeSession({ id: sessions.find(({ isCurrent }) => !isCurrent)?.id ?? '' });
  expect(await second.me()).toBeNull();
  expect(await third.currentSession()).not.toBeNull();
});
