/**
 * Parse Server with its GraphQL API, on PostgreSQL: `logIn` and `viewer` are what `login` and `me`
 * are here. Registers as many people as it is asked to, and sends its address and their tokens.
 */
import { createServer } from 'node:http';
import express from 'express';
import { ParseGraphQLServer, ParseServer } from 'parse-server';

const [, , databaseUrl, , people] = process.argv;
const appId = 'bench';

const app = express();
const server = createServer(app);
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const url = `http://127.0.0.1:${server.address().port}`;

const parse = new ParseServer({
  databaseURI: databaseUrl,
  appId,
  masterKey: 'the master key of a bench that keeps none',
  serverURL: `${url}/parse`,
  silent: true,
  logsFolder: null,
  logLevel: 'error',
  verbose: false,
});
await parse.start();
app.use('/parse', parse.app);
new ParseGraphQLServer(parse, { graphQLPath: '/graphql' }).applyGraphQL(app);

const signUp = `mutation ($username: String!) {
  signUp(input: { fields: { username: $username, email: $username, password: "correct horse battery" } }) {
    viewer { sessionToken }
  }
}`;

const tokens = [];
for (let person = 1; person <= Number(people); person += 1) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-parse-application-id': appId },
    body: JSON.stringify({
      query: signUp,
      variables: { username: `person${person}@example.com` },
    }),
  });
  const { data } = await response.json();
  if (data === undefined) throw new Error('Parse Server signed nobody up.');
  tokens.push(data.signUp.viewer.sessionToken);
}

process.on('disconnect', () => process.exit());
process.send?.({ url, tokens });
