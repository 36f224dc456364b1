import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print } from 'graphql';
import { expect, onTestFinished, test } from 'vitest';
import {
  ConfirmEmailChangeDocument,
  ConfirmEmailDocument,
  CurrentSessionDocument,
  LoginDocument,
  LogoutDocument,
  MeDocument,
  MySessionsDocument,
  PasswordResetDocument,
  RegisterDocument,
  RequestEmailChangeDocument,
  RequestPasswordResetDocument,
  ResetPasswordDocument,
  RevokeSessionDocument,
  UpdateProfileDocument,
} from '../../schema/operations.ts';
import type { Client } from '../support/client.ts';
import { newestMail } from '../support/mailbox.ts';
import { newEmail, password, registerPerson } from '../support/people.ts';
import { startTestServer } from '../support/server.ts';

/** Sends a typed document: what comes back has the type that was generated for it. */
async function send<Result, Variables extends Record<string, unknown>>(
  client: Client,
  document: TypedDocumentNode<Result, Variables>,
  variables: Variables,
): Promise<Result> {
  const { data, errors } = await client.graphql<Result>(print(document), variables);
  expect(errors).toEqual([]);
  return data;
}

test('the whole life of an account can be led by the typed operations alone', async () => {
  const server = await startTestServer();
  onTestFinished(() => server.stop());
  await registerPerson(server); // the Owner, who needs no confirmation
  const { client } = server;
  const [email, later] = [newEmail(), newEmail()];
  const mailed = async (to: string) => (await newestMail(server, to)).token ?? '';
  const signIn = async (login: string, secret: string) => {
    const input = { email: login, password: secret };
    const { token, errors } = (await send(client, LoginDocument, { input })).login;
    expect(errors).toEqual([]);
    return client.withToken(token ?? '');
  };

  const { register } = await send(client, RegisterDocument, { input: { email, password } });
  expect(register).toMatchObject({ user: { email, confirmedAt: null }, errors: [] });
  const { confirmEmail } = await send(client, ConfirmEmailDocument, { token: await mailed(email) });
  expect(confirmEmail.user?.confirmedAt).toBeTruthy();

  const first = await signIn(email, password);
  await send(first, UpdateProfileDocument, { input: { firstName: 'Ada' } });
  expect((await send(first, MeDocument, {})).me).toMatchObject({ displayName: 'Ada' });
  expect((await send(first, LogoutDocument, {})).logout.errors).toEqual([]);
  expect((await send(first, MeDocument, {})).me).toBeNull();

  await send(client, RequestPasswordResetDocument, { email });
  const token = await mailed(email);
  expect((await send(client, PasswordResetDocument, { token })).passwordReset).not.toBeNull();
  const forgotten = 'no longer forgotten';
  const { resetPassword } = await send(client, ResetPasswordDocument, {
    token,
    password: forgotten,
  });
  expect(resetPassword.errors).toEqual([]);

  const second = await signIn(email, forgotten);
  const change = { currentPassword: forgotten, email: later };
  await send(second, RequestEmailChangeDocument, change);
  await send(client, ConfirmEmailChangeDocument, { token: await mailed(later) });
  expect((await send(second, MeDocument, {})).me).toMatchObject({ email: later });

  const third = await signIn(later, forgotten);
  const { mySessions } = await send(third, MySessionsDocument, {});
  expect(mySessions.map(({ isCurrent }) => isCurrent)).toEqual([true, false]);
  const other = mySessions.find(({ isCurrent }) => !isCurrent);
  await send(third, RevokeSessionDocument, { id: other?.id ?? '' });
  expect((await send(second, MeDocument, {})).me).toBeNull();
  expect((await send(third, CurrentSessionDocument, {})).currentSession).not.toBeNull();
});
