import { isNonNullType, isObjectType, type GraphQLResolveInfo } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { scopes, type Actor } from '../../src/actor.ts';
import type { ApiKeyId, SessionId, UserId } from '../../src/identifiers.ts';
import { createSchema } from '../../src/schema.ts';
import { makeKey } from '../api-key/keys.ts';
import type { Client } from '../support/client.ts';
import { registerStaff, registerUnconfirmed, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const everyone = 'everyone who meets the user';
const few = 'the user, administrators and keys with USERS_READ';

/** Who may see each field. A field that is missing here has not been thought about. */
const visibility: Readonly<Record<string, typeof everyone | typeof few>> = {
  id: everyone,
  email: few,
  username: everyone,
  firstName: everyone,
  lastName: everyone,
  displayName: everyone,
  isActive: few,
  confirmedAt: few,
  timezone: everyone,
  preferredLocale: everyone,
  avatar: everyone,
  roles: everyone,
  roleNames: everyone,
  hasRole: everyone,
  customFields: few,
  customField: few,
  field: few,
  sessions: few,
  registration: few,
  lastSignInAt: few,
  createdAt: everyone,
  updatedAt: everyone,
};

const type = createSchema().getType('User');
if (!isObjectType(type)) throw new Error('User is no object type.');
const fields = Object.values(type.getFields());

test('every field of a user has been thought about', () => {
  expect(fields.filter(({ name }) => visibility[name] === undefined)).toEqual([]);
});

test.each(fields.map((field) => ({ name: field.name, field })))(
  'User.$name is @private unless everyone may see it',
  ({ name, field }) => {
    const directives = field.astNode?.directives?.map((directive) => directive.name.value) ?? [];
    expect(directives.includes('private')).toBe(visibility[name] === few);
  },
);

const userId = '019b0000-0000-7000-8000-00000000aaaa' as UserId;
const otherId = '019b0000-0000-7000-8000-00000000bbbb' as UserId;
const someone = {
  type: 'user',
  userId: otherId,
  sessionId: otherId as string as SessionId,
} as const;

describe.each<{ who: string; actor: Actor }>([
  { who: 'a stranger', actor: { type: 'anonymous' } },
  { who: 'another user', actor: { ...someone, roleNames: ['User', 'Editor'], confirmed: true } },
  { who: 'an unconfirmed user', actor: { ...someone, roleNames: ['User'], confirmed: false } },
  { who: 'a user without roles', actor: { ...someone, roleNames: [], confirmed: true } },
  {
    who: 'a key with every scope but USERS_READ',
    actor: {
      type: 'key',
      keyId: otherId as string as ApiKeyId,
      scopes: scopes.filter((scope) => scope !== 'USERS_READ'),
    },
  },
])('$who', ({ actor }) => {
  test.each(fields.filter(({ name }) => visibility[name] === few).map(({ name }) => name))(
    'does not see %s of a user they meet',
    async (name) => {
      const field = fields.find((one) => one.name === name);
      const source = { id: userId, email: 'secret@example.com', isActive: true };
      const info = { fieldName: name } as GraphQLResolveInfo;
      const see = async (): Promise<unknown> => field?.resolve?.(source, {}, { actor }, info);
      if (field !== undefined && isNonNullType(field.type)) {
        await expect(see()).rejects.toMatchObject({ code: 'FORBIDDEN' });
      } else {
        expect(await see()).toBeNull();
      }
    },
  );
});

describe('over HTTP', () => {
  let server: TestServer;
  let owner: Person;
  let admin: Person;
  let user: Person;

  beforeAll(async () => {
    server = await startTestServer();
    ({ owner, admin, user } = await registerStaff(server));
    await server.database.query(
      `UPDATE users SET first_name = 'Ada', last_name = 'King', timezone = 'Europe/Paris',
         preferred_locale = 'fr', last_sign_in_at = now()`,
    );
  });
  afterAll(() => server.stop());

  const selection = `
    id email username firstName lastName displayName isActive confirmedAt timezone preferredLocale
    roles { name } roleNames hasRole(name: "User") lastSignInAt createdAt updatedAt
    registration { ipAddress }`;

  const see = async (client: Client, id: string) => {
    const { data, errors } = await client.graphql<{ user: Record<string, unknown> | null }>(
      `query ($id: ID!) { user(id: $id) { ${selection} } }`,
      { id },
    );
    expect(errors).toEqual([]);
    return data.user;
  };

  test('the user, an Admin, the Owner and a key with USERS_READ see all there is', async () => {
    const key = await makeKey(server, 'USERS_READ');
    for (const client of [user.client, admin.client, owner.client, key.client]) {
      const seen = await see(client, user.id);
      expect(seen).toMatchObject({ id: user.id, email: user.email, isActive: true });
      expect(Object.values(seen ?? {})).not.toContain(null);
    }
  });

  test('an unconfirmed user sees the own private fields', async () => {
    const person = await registerUnconfirmed(server);
    const { data, errors } = await person.client.graphql<{ me: unknown }>(
      '{ me { email isActive confirmedAt registration { ipAddress } } }',
    );
    expect(errors).toEqual([]);
    expect(data.me).toMatchObject({ email: person.email, isActive: true, confirmedAt: null });
  });
});
