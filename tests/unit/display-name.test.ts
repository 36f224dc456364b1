import { expect, test } from 'vitest';
import { displayName } from '../../src/features/user/user.rules.ts';

const nobody = { email: 'anna@example.com', username: null, firstName: null, lastName: null };

test.each([
  ['both names', { firstName: 'Anna', lastName: 'Schmidt', username: 'anna_s' }, 'Anna Schmidt'],
  ['the first name', { firstName: 'Anna', username: 'anna_s' }, 'Anna'],
  ['the last name', { lastName: 'Schmidt', username: 'anna_s' }, 'Schmidt'],
  ['the username', { username: 'anna_s' }, 'anna_s'],
  ['the part of the address before the @', {}, 'anna'],
])('a user is addressed by %s', (_, names, expected) => {
  expect(displayName({ ...nobody, ...names })).toBe(expected);
});

test('never by the whole address', () => {
  expect(displayName({ ...nobody, email: '@example.com' })).toBe('User');
});
