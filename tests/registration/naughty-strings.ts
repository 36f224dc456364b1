/** Text that has broken programs before: encodings, terminators, quoting, templates, paths. */
export const naughtyStrings: readonly string[] = [
  '',
  ' ',
  '\0',
  'a\0b@example.com',
  '\u0001\u0008\u001b[2J\u007f\u0085',
  '\r\nSet-Cookie: gatehouse=x',
  '\ud800',
  '\udc00\ud800',
  'a\ud83d@example.com',
  '\ufeff\ufffe\uffff',
  '\u200b\u200d\u2060\u00ad',
  '\u202e\u2066moc.elpmaxe@olleh',
  '👩‍👩‍👧‍👦🏳️‍🌈@👾.example',
  'Z̸̢̛͍͔a̷̡̛͓l̴̨͘g̸̰̈o̶͇͝@example.com',
  'ﷺ𝕬İıſẞŉ@ﬀ.example',
  'مرحبا@مثال.إختبار',
  '田中さん',
  "' OR '1'='1' --",
  "'); DROP TABLE users; --",
  '"; SELECT pg_sleep(10); --',
  '$1 $2 :name ? %s %n {0} ${7*7} {{7*7}}',
  '\\\'\\"\\\\',
  '%_%\\%',
  '<script>alert(1)</script><img src=x onerror=alert(1)>',
  'javascript:alert(1)',
  '../../../../etc/passwd',
  '; rm -rf / ; `id` $(id)',
  '__proto__',
  'constructor',
  'null',
  'NaN',
  '-1e999',
  '00000000-0000-0000-0000-000000000000',
  '019B0000-0000-7000-8000-000000000001',
  '{"$ne": null}',
  '[object Object]',
];

/** Some 900 kB each: as much as one request may carry. */
export const hugeStrings: readonly string[] = [
  'a'.repeat(900_000),
  `${'a'.repeat(450_000)}@${'b'.repeat(449_999)}`,
  ' '.repeat(900_000),
  '@'.repeat(900_000),
  '\0'.repeat(150_000),
  '👋'.repeat(225_000),
  // Combining marks in the wrong order, which normalising has to sort.
  `a${'\u0301\u0316'.repeat(225_000)}`,
];

/** Values of a type that is not asked for. */
export const wrongTypes: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  2 ** 31,
  2 ** 53,
  1e308,
  [],
  [[]],
  {},
  { length: 1 },
  { toString: 'x', email: { email: {} } },
  nested(2000),
];

function nested(depth: number): unknown {
  let value: unknown = 'deep';
  for (let level = 0; level < depth; level += 1) value = level % 2 ? [value] : { value };
  return value;
}
