import { expect, test } from 'vitest';
import {
  deriveUsername,
  withRandomSuffix,
} from '../../src/features/registration/registration.rules.ts';
import { usernameViolations } from '../../src/features/user/user.rules.ts';
import { naughtyStrings } from '../registration/naughty-strings.ts';

test.each([
  ['anna@example.com', 'anna'],
  ['Anna.Lena@example.com', 'anna_lena'],
  ['a.b.c@example.com', 'a_b_c'],
  ['ann+shop@example.com', 'annshop'],
  ['o’neil@example.com', 'oneil'],
  ['jürgen.groß@example.com', 'jurgen_gross'],
  ['Łukasz@example.com', 'lukasz'],
  ['дмитрий@example.com', 'dmitriy'],
  ['007@example.com', 'user_007'],
  ['_x@example.com', 'user__x'],
  ['.dot@example.com', 'user__dot'],
  ['"@example.com', 'user_'],
  ['a@example.com', 'a_1'],
  ['ab@example.com', 'ab_1'],
  ['abc@example.com', 'abc'],
  [`${'x'.repeat(64)}@example.com`, 'x'.repeat(30)],
  [`${'1'.repeat(64)}@example.com`, `user_${'1'.repeat(25)}`],
])('%s gives %s', (email, username) => {
  expect(deriveUsername(email)).toBe(username);
});

test('a hundred texts of a megabyte are read as fast as addresses', () => {
  const dots = `${'.'.repeat(1_000_000)}@example.com`;
  const started = performance.now();
  for (let text = 0; text < 100; text += 1) deriveUsername(dots);
  // Reading all of them takes more than ten seconds.
  expect(performance.now() - started).toBeLessThan(5_000);
});

test.each(naughtyStrings)('of %j, too, it keeps the rules of usernames', (text) => {
  for (const email of [text, `${text}@example.com`, text.repeat(50), `a${text}`, `1${text}`]) {
    const derived = deriveUsername(email);
    const variant = withRandomSuffix(derived);
    expect(usernameViolations(derived, 'username')).toEqual([]);
    expect(usernameViolations(variant, 'username')).toEqual([]);
    expect(variant).not.toBe(derived);
  }
});

test('the random ending is another each time', () => {
  const variants = new Set(Array.from({ length: 100 }, () => withRandomSuffix('sam')));
  expect(variants.size).toBeGreaterThan(95);
});
