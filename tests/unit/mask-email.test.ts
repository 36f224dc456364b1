import { expect, test } from 'vitest';
import { maskEmail } from '../../src/features/recovery/password-reset.rules.ts';

test.each([
  ['ann@example.com', 'a•••@e•••.com'],
  ['a@b.co', 'a•••@b•••.co'],
  ['somebody.with.a.long.name@mail.example.co.uk', 's•••@m•••.uk'],
  ['root@localhost', 'r•••@l•••'],
  ['Zoë@bücher.example', 'Z•••@b•••.example'],
  ['👋🌍@example.com', '👋•••@e•••.com'],
])('%s is shown as %s', (email, masked) => {
  expect(maskEmail(email)).toBe(masked);
});
