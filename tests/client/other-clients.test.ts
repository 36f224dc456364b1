import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client';
import { CombinedGraphQLErrors } from '@apollo/client/errors';
import { SetContextLink } from '@apollo/client/link/context';
import { Client, cacheExchange, fetchExchange } from '@urql/core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { LoginDocument, MeDocument, MySessionsDocument } from '../../client/src/documents.ts';
import { login, me } from '../../client/src/operations.ts';
import type { LoginMutation, MeQuery } from '../../client/src/types.ts';
import { password, registerPerson, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

let server: TestServer;
let person: Person;
let endpoint: string;
beforeAll(async () => {
  server = await startTestServer({ RUN_JOBS: 'false' });
  person = await registerPerson(server);
  endpoint = `${server.url}/graphql`;
});
afterAll(() => server.stop());

const inputOf = (secret: string) => ({ input: { email: person.email, password: secret } });

test('Apollo Client takes the documents, their types and both kinds of errors', async () => {
  let token: string | null = null;
  const credentials = new SetContextLink(() => ({
    headers: token === null ? {} : { authorization: `Bearer ${token}` },
  }));
  const client = new ApolloClient({
    link: ApolloLink.from([credentials, new HttpLink({ uri: endpoint })]),
    cache: new InMemoryCache(),
  });
  onTestFinished(() => client.stop());
  const signIn = (secret: string) =>
    client.mutate({ mutation: LoginDocument, variables: inputOf(secret) });

  const refused = await signIn('of somebody else');
  expect(refused.data?.login.errors[0]?.code).toBe('INVALID_CREDENTIALS');
  await expect(client.query({ query: MySessionsDocument })).rejects.toSatisfy(
    (error) =>
      CombinedGraphQLErrors.is(error) && error.errors[0]?.extensions?.code === 'UNAUTHENTICATED',
  );
  const { data } = await signIn(password);
  token = data?.login.token ?? null;
  const signedIn = await client.query({ query: MeDocument });
  expect(signedIn.data?.me?.email).toBe(person.email);
});

test('urql takes the documents, their types and both kinds of errors', async () => {
  let token: string | null = null;
  const client = new Client({
    url: endpoint,
    preferGetMethod: false,
    exchanges: [cacheExchange, fetchExchange],
    fetchOptions: () => ({ headers: token === null ? {} : { authorization: `Bearer ${token}` } }),
  });
  const signIn = (secret: string) => client.mutation(LoginDocument, inputOf(secret)).toPromise();

  const refused = await signIn('of somebody else');
  expect(refused.data?.login.errors[0]?.code).toBe('INVALID_CREDENTIALS');
  const sessions = await client.query(MySessionsDocument, {}).toPromise();
  expect(sessions.error?.graphQLErrors[0]?.extensions.code).toBe('UNAUTHENTICATED');
  token = (await signIn(password)).data?.login.token ?? null;
  const { data } = await client.query(MeDocument, {}).toPromise();
  expect(data?.me?.email).toBe(person.email);
});

test('fetch alone takes the texts', async () => {
  async function send<Data>(query: unknown, variables = {}, token = ''): Promise<Data> {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables }),
    });
    return ((await response.json()) as { data: Data }).data;
  }
  const { token } = (await send<LoginMutation>(login, inputOf(password))).login;
  const { me: found } = await send<MeQuery>(me, {}, token ?? '');
  expect(found?.email).toBe(person.email);
});
