import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeKey } from '../api-key/keys.ts';
import { auditOf } from '../audit/audit.ts';
import { missingId, refuseAudit, setRoles } from '../role/role-operations.ts';
import { cookieLogin, pairOf } from '../session/cookies.ts';
import type { Scope } from '../../src/actor.ts';
import type { Client } from '../support/client.ts';
import { registerPerson, registerUnconfirmed, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import {
  avatarOf,
  ending,
  removeAvatar,
  removeUserAvatar,
  updateAvatar,
  updateMutation,
  updateUserAvatar,
  upload,
} from './avatars.ts';
import { jpeg } from './pictures.ts';

let server: TestServer;
const people = new Map<string, Person>();
let file: File;

beforeAll(async () => {
  server = await startTestServer({ ALLOWED_ORIGINS: 'https://app.example.com' });
  file = await jpeg(60, 40);
  const names = ['owner', 'other owner', 'admin', 'other admin', 'user', 'other user'];
  for (const name of names) people.set(name, await registerPerson(server));
  await setRoles(server.database, {
    [person('owner').id]: ['Owner'],
    [person('other owner').id]: ['Owner'],
    [person('admin').id]: ['Admin'],
    [person('other admin').id]: ['Admin'],
  });
});
afterAll(() => server.stop());
beforeEach(() => server.database.query('DELETE FROM images'));

function person(name: string): Person {
  const found = people.get(name);
  if (found === undefined) throw new Error(`There is no ${name}.`);
  return found;
}

const images = () => server.database.query<{ user_id: string }>('SELECT user_id FROM images');

describe('the own picture', () => {
  test('is for any user who has confirmed the address, and for nobody else', async () => {
    const unconfirmed = await registerUnconfirmed(server);
    const key = await makeKey(server, 'USERS_WRITE', 'USERS_READ', 'ROLES_WRITE');
    const callers: [Client, string][] = [
      [server.client, 'UNAUTHENTICATED'],
      [server.client.withToken('gh_s_nonsense'), 'UNAUTHENTICATED'],
      [unconfirmed.client, 'EMAIL_NOT_CONFIRMED'],
      [key.client, 'FORBIDDEN'],
    ];
    for (const [client, code] of callers) {
      expect(ending(await updateAvatar(client, file))).toBe(code);
      expect(ending(await removeAvatar(client))).toBe(code);
    }
    expect(await images()).toEqual([]);
    for (const name of ['owner', 'admin', 'user']) {
      expect(ending(await updateAvatar(person(name).client, file))).toBe('ok');
      expect(ending(await removeAvatar(person(name).client))).toBe('ok');
    }
  });

  test('is nobody else’s: each user has one of the same file', async () => {
    const [one, two] = [person('user'), person('other user')];
    const first = await upload(one.client, file);
    const second = await upload(two.client, file);
    expect(second.id).not.toBe(first.id);
    expect(second.sha256).toBe(first.sha256);
    await removeAvatar(one.client);
    expect((await fetch(second.url)).status).toBe(200);
  });

  test('taken away is gone; taking it away again changes nothing', async () => {
    const { client, id } = person('user');
    const { url } = await upload(client, file);
    for (let time = 0; time < 2; time += 1) {
      const { data } = await removeAvatar(client);
      expect(data.outcome).toEqual({ image: null, user: { id, avatar: null }, errors: [] });
    }
    expect(await avatarOf(client)).toBeNull();
    expect((await fetch(url)).status).toBe(404);
  });
});

describe('the picture of somebody else', () => {
  const rank = 'INSUFFICIENT_PERMISSIONS';
  const [read, write, roles] = ['USERS_READ', 'USERS_WRITE', 'ROLES_WRITE'] as const;
  const ordinary = { 'other user': 'ok', 'other admin': rank, 'other owner': rank };
  const everyone = { 'other user': 'ok', 'other admin': 'ok', 'other owner': 'ok' };
  const nobody = { [missingId]: 'NOT_FOUND', 'no-id': 'NOT_FOUND' };
  // prettier-ignore
  const cells: [string, readonly Scope[], Record<string, string>][] = [
    ['nobody signed in', [], { 'other user': 'UNAUTHENTICATED' }],
    ['user', [], { user: 'FORBIDDEN', 'other user': 'FORBIDDEN' }],
    ['admin', [], { ...ordinary, ...nobody, admin: rank }],
    ['owner', [], { ...everyone, ...nobody, owner: 'ok' }],
    ['a key that writes', [write], { ...ordinary, ...nobody }],
    ['a key that writes roles too', [write, roles], { ...everyone, ...nobody }],
    ['a key that reads', [read], { 'other user': 'FORBIDDEN' }],
  ];
  test.each(cells)('by %s', async (caller, scopes, endings) => {
    const key = scopes.length > 0 ? await makeKey(server, ...scopes) : undefined;
    const client = (key ?? people.get(caller) ?? server).client;
    for (const [target, expected] of Object.entries(endings)) {
      const id = people.get(target)?.id ?? target;
      await server.database.query('DELETE FROM images');
      expect([target, ending(await updateUserAvatar(client, id, file))]).toEqual([
        target,
        expected,
      ]);
      expect((await images()).map((row) => row.user_id)).toEqual(expected === 'ok' ? [id] : []);
      expect([target, ending(await removeUserAvatar(client, id))]).toEqual([target, expected]);
      expect(await images()).toEqual([]);
    }
  });

  test('is recorded with who changed it, from what and to what', async () => {
    const [admin, subject] = [person('admin'), await registerPerson(server)];
    const { data } = await updateUserAvatar(admin.client, subject.id, file);
    const key = await makeKey(server, 'USERS_WRITE');
    await removeUserAvatar(key.client, subject.id);
    await removeUserAvatar(key.client, subject.id);
    const image = data.outcome?.image?.id;
    const entries = await auditOf(server.database, subject.id);
    expect(entries.filter(({ action }) => action.startsWith('avatar.'))).toMatchObject([
      {
        action: 'avatar.updated',
        actor_type: 'user',
        actor_id: admin.id,
        metadata: { from: null, to: image },
      },
      {
        action: 'avatar.removed',
        actor_type: 'key',
        actor_id: key.id,
        metadata: { from: image, to: null },
      },
    ]);
  });

  test('is not changed when that cannot be recorded', async () => {
    const { client } = person('user');
    const { id } = await upload(client, file);
    await refuseAudit(server.database, 'avatar.%');
    const other = await jpeg(50, 50);
    expect(ending(await updateAvatar(client, other))).toBe('INTERNAL_SERVER_ERROR');
    expect(ending(await removeAvatar(client))).toBe('INTERNAL_SERVER_ERROR');
    const kept = await avatarOf(client);
    expect(kept?.id).toBe(id);
    expect((await fetch(kept?.url ?? '')).status).toBe(200);
  });
});

describe('browsers', () => {
  test('send a form with a file only when a script of the page means it', async () => {
    const form = new FormData();
    form.set('operations', JSON.stringify({ query: updateMutation, variables: { file: null } }));
    form.set('map', '{"0":["variables.file"]}');
    form.set('0', file);
    const headers = person('user').client.headers;
    const url = `${server.url}/graphql`;
    const answer = await fetch(url, { method: 'POST', headers, body: form });
    expect(answer.status).toBe(400);
    expect(await images()).toEqual([]);
  });

  test('with the cookie may upload from our pages and those allowed, and nowhere else', async () => {
    const cookie = pairOf(await cookieLogin(server.client, person('user').email));
    const from = (origin: string) =>
      updateAvatar(server.client.with({ cookie, origin }), file).then(ending);
    expect(await from('https://evil.example')).toBe('FORBIDDEN');
    expect(await images()).toEqual([]);
    expect(await from('https://app.example.com')).toBe('ok');
    expect(await from(server.url)).toBe('ok');
  });
});
