import { expect, test } from 'vitest';
import { registerPerson } from '../support/people.ts';
import { startTestServer } from '../support/server.ts';
import { statementsOf } from '../support/statements.ts';

test('a list reads with the first row what its rows are asked for, and nothing else', async () => {
  const server = await startTestServer({ RUN_JOBS: 'false' });
  const { client } = await registerPerson(server);
  const fragment = 'fragment Row on User { roleNames }';
  const cases: [document: string, statements: number][] = [
    ['{ users { nodes { id } } }', 2],
    ['{ users { nodes { roleNames avatar { url } } } }', 4],
    ['{ users { nodes { ... on User { roleNames } } } }', 3],
    [`{ users { nodes { ...Row } } } ${fragment}`, 3],
    ['{ users { nodes { id roleNames @skip(if: true) } } }', 2],
    ['{ users { nodes { id ... @include(if: false) { roleNames } } } }', 2],
    ['{ usersConnection(first: 5) { edges { node { id roleNames } } } }', 3],
  ];
  for (const [document, count] of cases) {
    const statements = await statementsOf(async () => {
      expect((await client.graphql(document)).errors).toEqual([]);
    });
    expect(statements, document).toHaveLength(count);
  }
  await server.stop();
});
