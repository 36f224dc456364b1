import { getDirective } from '@graphql-tools/utils';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { scopes, type Scope } from '../../src/actor.ts';
import { createSchema } from '../../src/schema.ts';
import { call, rootFieldsOf } from '../schema/root-fields.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { makeKey, type TestKey } from './keys.ts';

/** What every scope lets a key do; everything else is not for it, but what is public. */
const allowed: Readonly<Record<Scope, readonly string[]>> = {
  USERS_READ: [
    'customFieldDefinitions',
    'firstAdmin',
    'firstUser',
    'roleStats',
    'roles',
    'searchUsers',
    'user',
    'userByEmail',
    'userOption',
    'users',
    'usersConnection',
    'usersWithRole',
  ],
  USERS_WRITE: [
    'bulkUpdateUserFields',
    'createUser',
    'deleteUser',
    'deleteUserCustomField',
    'removeUserAvatar',
    'setUserCustomField',
    'updateUserAvatar',
    'updateUserCustomFields',
    'updateUserFields',
    'updateUserProfile',
    'updateUserStatus',
  ],
  ROLES_WRITE: [
    'assignRole',
    'assignRolesToExistingUsers',
    'createRole',
    'deleteRole',
    'demoteToUser',
    'promoteToAdmin',
    'removeRole',
    'updateRole',
  ],
  SESSIONS_WRITE: ['createAccessToken', 'createSession', 'revokeUserSessions'],
  TOKENS_READ: ['introspect', 'verifySessionFingerprint'],
  CREDENTIALS_VERIFY: ['verifyCredentials'],
  AUDIT_READ: ['auditEvents'],
};

const schema = createSchema();
const fields = rootFieldsOf(schema).map((one) => {
  const auth = getDirective(schema, one.field, 'auth')?.[0] as { scope?: Scope } | undefined;
  return { ...one, isPublic: auth === undefined, needed: auth?.scope };
});
const guarded = fields.filter(({ isPublic }) => !isPublic);

let server: TestServer;
let keys: readonly { readonly scope: Scope; readonly key: TestKey }[];
beforeAll(async () => {
  server = await startTestServer({ RUN_JOBS: 'false' });
  keys = await Promise.all(
    scopes.map(async (scope) => ({ scope, key: await makeKey(server, scope) })),
  );
});
afterAll(() => server.stop());

test.each(scopes)('the schema opens to %s what was agreed', (scope) => {
  const opened = fields.filter(({ needed }) => needed === scope).map(({ name }) => name);
  expect(opened.sort()).toEqual(allowed[scope]);
});

describe.each(guarded)('the $root $name', ({ needed, ...operation }) => {
  test(`lets in keys with ${needed ?? 'no scope at all'}, and no others`, async () => {
    const letIn: Scope[] = [];
    for (const { scope, key } of keys) {
      const { code } = await call(key.client, operation);
      expect(code ?? 'ok').not.toMatch(/^(GRAPHQL_|UNAUTHENTICATED$)/);
      if (code !== 'FORBIDDEN') letIn.push(scope);
    }
    expect(letIn).toEqual(needed === undefined ? [] : [needed]);
  });

  test('is not open to a key with every other scope together', async () => {
    const others = await makeKey(server, ...scopes.filter((scope) => scope !== needed));
    expect((await call(others.client, operation)).code).toBe('FORBIDDEN');
  });
});
