import fc from 'fast-check';

/**
 * Any text that JavaScript can hold, halves of characters and NUL among it; half of it in ASCII, so
 * that what looks like something comes up too.
 */
export function anyText(maxLength: number): fc.Arbitrary<string> {
  const unit = fc.oneof(fc.integer({ min: 32, max: 126 }), fc.nat(0xffff));
  return fc.array(unit, { maxLength }).map((units) => String.fromCharCode(...units));
}
