import { expect, onTestFinished, test } from 'vitest';
import { setRoles } from '../role/role-operations.ts';
import { registerPerson } from '../support/people.ts';
import { startTestServer } from '../support/server.ts';
import { statementsOf } from '../support/statements.ts';

test('a page of 100 users with pictures costs one statement more than without', async () => {
  const server = await startTestServer({ RUN_JOBS: 'false' });
  onTestFinished(() => server.stop());
  const admin = await registerPerson(server);
  await setRoles(server.database, { [admin.id]: ['Admin'] });
  await server.database.query(
    `WITH made AS (
       INSERT INTO users (id, email, password_hash, created_at, updated_at)
       SELECT gen_random_uuid(), 'many' || n || '@example.com', '', now(), now()
       FROM generate_series(1, 100) n RETURNING id)
     INSERT INTO images (id, user_id, sha256, mime_type, width, height, size, status, created_at)
     SELECT gen_random_uuid(), id, repeat('0', 64), 'image/jpeg', 1, 1, 1, 'READY', now() FROM made`,
  );
  const list = (fields: string) =>
    statementsOf(async () => {
      const { data, errors } = await admin.client.graphql<{ users: { nodes: unknown[] } }>(
        `{ users(pageSize: 100) { nodes { id roleNames ${fields} } } }`,
      );
      expect(errors).toEqual([]);
      expect(data.users.nodes).toHaveLength(100);
    });
  const without = await list('');
  const withPictures = await list(
    'avatar { sha256 url large: url(variant: LARGE) variants { url width } }',
  );
  expect(withPictures.length).toBe(without.length + 1);
  expect(withPictures.length).toBeLessThanOrEqual(4);
});
