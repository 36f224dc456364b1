import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../support/server.ts';
import { newEmail, password } from '../support/people.ts';
import { register, told, validate, type Input } from './registering.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const address = (length: number) => `${'a'.repeat(length - '@example.com'.length)}@example.com`;

const refused: readonly (readonly [what: string, input: Input, errors: readonly string[]])[] = [
  ['an empty address', { email: '' }, ['input.email REQUIRED']],
  ['a blank address', { email: ' \t\n ' }, ['input.email REQUIRED']],
  ['an address without @', { email: 'nobody.example.com' }, ['input.email INVALID']],
  ['an address with two @', { email: 'a@b@example.com' }, ['input.email INVALID']],
  ['nothing before the @', { email: '@example.com' }, ['input.email INVALID']],
  ['nothing after the @', { email: 'someone@' }, ['input.email INVALID']],
  ['a space in the address', { email: 'some one@example.com' }, ['input.email INVALID']],
  ['a wide space in the address', { email: 'some\u3000one@example.com' }, ['input.email INVALID']],
  ['NUL in the address', { email: 'some\0one@example.com' }, ['input.email INVALID']],
  ['half a character in it', { email: 'some\ud83done@example.com' }, ['input.email INVALID']],
  ['an address of 161 characters', { email: address(161) }, ['input.email TOO_LONG']],
  [
    'a long text that is no address either',
    { email: 'x'.repeat(161) },
    ['input.email TOO_LONG', 'input.email INVALID'],
  ],
  ['a username of 2', { username: 'ab' }, ['input.username TOO_SHORT']],
  ['a username of 31', { username: 'a'.repeat(31) }, ['input.username TOO_LONG']],
  ['a username that starts with a digit', { username: '1abc' }, ['input.username INVALID']],
  ['a username that starts with _', { username: '_abc' }, ['input.username INVALID']],
  ['a hyphen in the username', { username: 'ann-marie' }, ['input.username INVALID']],
  ['a letter beyond ASCII', { username: 'jürgen' }, ['input.username INVALID']],
  ['an @ in the username', { username: 'ann@home' }, ['input.username INVALID']],
  ['NUL in the username', { username: 'ann\0marie' }, ['input.username INVALID']],
  ['a digit for a name', { username: '1' }, ['input.username INVALID', 'input.username TOO_SHORT']],
  ['a first name of 101', { firstName: 'a'.repeat(101) }, ['input.firstName TOO_LONG']],
  ['a last name of 101', { lastName: '👋'.repeat(101) }, ['input.lastName TOO_LONG']],
  ['a line feed in a name', { firstName: 'Ann\nMarie' }, ['input.firstName INVALID']],
  ['NUL in a name', { lastName: 'Mc\0Cloud' }, ['input.lastName INVALID']],
  ['an escape in a name', { lastName: 'Mc\u001b[31mCloud' }, ['input.lastName INVALID']],
  [
    'another confirmation',
    { passwordConfirmation: `${password}!` },
    ['input.passwordConfirmation MISMATCH'],
  ],
  ['an empty confirmation', { passwordConfirmation: '' }, ['input.passwordConfirmation MISMATCH']],
];

test.each(refused)(
  '%s is refused, and validateRegistration says the same',
  async (_, input, all) => {
    const { user, token, errors } = await register(server.client, input);
    expect(told(errors)).toEqual(all);
    expect([user, token]).toEqual([null, null]);
    expect(await validate(server.client, input)).toEqual({ valid: false, errors });
  },
);

const accepted: readonly (readonly [what: string, input: Input])[] = [
  ['an address of 160 characters', { email: address(160) }],
  ['an address beyond ASCII', { email: 'jürgen@bücher.example' }],
  ['an address with a plus', { email: 'ann+shop@example.com' }],
  ['a username of 3', { username: 'Ab3' }],
  ['a username of 30', { username: `a${'_'.repeat(29)}` }],
  [
    'names of 100 characters, not units',
    { firstName: '👋'.repeat(100), lastName: 'é'.repeat(100) },
  ],
  ['names in Arabic and Chinese', { firstName: 'محمد', lastName: '王' }],
  ['quotes and angle brackets in a name', { firstName: "O'Neil <b>", lastName: '"; DROP TABLE' }],
  ['blank names', { firstName: '  ', lastName: '', username: ' ' }],
  ['no confirmation', { passwordConfirmation: null }],
  ['the same password again', { passwordConfirmation: password }],
];

test.each(accepted)('%s is accepted', async (_, input) => {
  const given = { email: newEmail(), ...input };
  expect(await validate(server.client, given)).toEqual({ valid: true, errors: [] });
  const { user, errors } = await register(server.client, given);
  expect(errors).toEqual([]);
  expect(user).not.toBeNull();
});

test('every violation is reported at once, a taken address among them', async () => {
  const { user } = await register(server.client, { email: 'first@example.com' });
  expect(user).not.toBeNull();
  const input = {
    email: 'FIRST@example.com',
    username: '1',
    firstName: 'a'.repeat(101),
    lastName: 'b\0',
    password: 'q7Rw2',
    passwordConfirmation: 'other',
  };
  const { errors } = await register(server.client, input);
  expect(told(errors).sort()).toEqual([
    'input.email TAKEN',
    'input.firstName TOO_LONG',
    'input.lastName INVALID',
    'input.password TOO_SHORT',
    'input.passwordConfirmation MISMATCH',
    'input.username INVALID',
    'input.username TOO_SHORT',
  ]);
  expect((await validate(server.client, input)).errors).toEqual(errors);
});

describe('what is stored', () => {
  interface Stored {
    email: string;
    username: string;
    first_name: string | null;
    last_name: string | null;
  }

  async function stored(input: Input): Promise<Stored | undefined> {
    const { user } = await register(server.client, input);
    const [row] = await server.database.query<Stored>('SELECT * FROM users WHERE id = $1', [
      user?.id,
    ]);
    return row;
  }

  test('text is trimmed and Unicode-normalised, an address kept as it was typed', async () => {
    const row = await stored({
      email: '  Jose\u0301.Garci\u0301a@Example.COM\n',
      firstName: '\tJose\u0301 ',
      lastName: '\u3000Garci\u0301a\u00a0',
      username: ' Jose_G ',
    });
    expect(row).toMatchObject({
      email: 'José.García@Example.COM',
      username: 'Jose_G',
      first_name: 'José',
      last_name: 'García',
    });
  });

  test('blank names become null', async () => {
    const row = await stored({ firstName: ' ', lastName: '' });
    expect(row).toMatchObject({ first_name: null, last_name: null });
  });

  test('names are stored as text, whatever they mean elsewhere', async () => {
    const row = await stored({ firstName: "Robert'); DROP TABLE users;--", lastName: '<b>&amp;' });
    expect(row).toMatchObject({
      first_name: "Robert'); DROP TABLE users;--",
      last_name: '<b>&amp;',
    });
  });
});

describe('without regard to case and to how a letter was typed', () => {
  test('an address belongs to one user', async () => {
    await register(server.client, { email: 'Zoë@example.com' });
    for (const email of ['zoë@EXAMPLE.com', 'ZOË@example.com', ' Zoe\u0308@example.com ']) {
      const { errors } = await register(server.client, { email });
      expect(told(errors)).toEqual(['input.email TAKEN']);
      expect(told((await validate(server.client, { email })).errors)).toEqual(told(errors));
    }
  });

  test('a username belongs to one user', async () => {
    await register(server.client, { username: 'Robin_Hood' });
    for (const username of ['robin_hood', 'ROBIN_HOOD', ' Robin_Hood ']) {
      const { errors } = await register(server.client, { username });
      expect(told(errors)).toEqual(['input.username TAKEN']);
    }
  });

  test('both taken are both told', async () => {
    const taken = { email: 'both@example.com', username: 'both_of_them' };
    await register(server.client, taken);
    const { errors } = await register(server.client, taken);
    expect(told(errors)).toEqual(['input.email TAKEN', 'input.username TAKEN']);
    expect((await validate(server.client, taken)).errors).toEqual(errors);
  });
});

test('validateRegistration changes nothing', async () => {
  const email = newEmail();
  const counts = () =>
    server.database.query(
      `SELECT (SELECT count(*) FROM users) AS users, (SELECT count(*) FROM sessions) AS sessions,
         (SELECT count(*) FROM audit_events) AS events`,
    );
  const before = await counts();
  expect(await validate(server.client, { email, signIn: true })).toMatchObject({ valid: true });
  expect(await validate(server.client, { email, signIn: true })).toMatchObject({ valid: true });
  expect(await counts()).toEqual(before);
});
