import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readChanges } from '../../src/features/custom-field/custom-field-map.rules.ts';
import { readValue } from '../../src/features/custom-field/custom-field-value.rules.ts';
import {
  keyViolations,
  type CustomFieldType,
  type FieldDefinition,
} from '../../src/features/custom-field/custom-field.rules.ts';
import { patternFault } from '../../src/features/custom-field/pattern.rules.ts';
import type { JsonValue } from '../../src/json.ts';
import { anyText } from './texts.ts';

const options = ['red', 'green', 'dark blue'] as const;

const types: readonly CustomFieldType[] = [
  ...(['text', 'textarea', 'number', 'boolean', 'date'] as const),
  ...(['email', 'url', 'select', 'radio', 'checkbox'] as const),
];

const definitions: fc.Arbitrary<FieldDefinition> = fc
  .record({
    type: fc.constantFrom(...types),
    required: fc.boolean(),
    min: fc.option(fc.nat(10)),
    span: fc.option(fc.nat(30)),
  })
  .map(({ type, required, min, span }) => ({
    key: 'field',
    type,
    required,
    userEditable: true,
    options: ['select', 'radio', 'checkbox'].includes(type) ? options : null,
    min: bounded.includes(type) ? min : null,
    max: bounded.includes(type) && span !== null ? (min ?? 0) + span : null,
    pattern: null,
    defaultValue: null,
  }));

const bounded: readonly CustomFieldType[] = ['text', 'textarea', 'email', 'url', 'number'];

const pad = (number: number) => String(number).padStart(2, '0');

/** What people send, right and wrong, for every type; and anything that is JSON. */
const values: fc.Arbitrary<JsonValue> = fc.oneof(
  anyText(40),
  anyText(12).map((text) => ` ${text}\n`),
  fc.constantFrom(...options, 'Red', 'red ', '', '  '),
  fc.subarray([...options, 'red']).map((chosen) => [...chosen]),
  fc.integer({ min: -20, max: 50 }),
  fc.double(),
  fc.boolean(),
  fc
    .tuple(fc.integer({ min: 1, max: 9999 }), fc.nat(13), fc.nat(32))
    .map(([year, month, day]) => `${String(year).padStart(4, '0')}-${pad(month)}-${pad(day)}`),
  fc.emailAddress(),
  fc.webUrl(),
  fc.constantFrom('javascript:alert(1)', 'https://', '@', 'a@b', 'ftp://a.example', 'a b@c'),
  fc.jsonValue() as fc.Arbitrary<JsonValue>,
);

const daysOf = (year: number, month: number) =>
  month === 2
    ? 28 + Number((year % 4 === 0 && year % 100 !== 0) || year % 400 === 0)
    : 30 + Number([1, 3, 5, 7, 8, 10, 12].includes(month));

function isCalendarDate(text: string): boolean {
  const [, year = 0, month = 0, day = 0] = (/^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? []).map(Number);
  return month >= 1 && month <= 12 && day >= 1 && day <= daysOf(year, month);
}

/** The documentation, in another way than the code has it: may this value stand in the field? */
function isGood({ type, required, min, max }: FieldDefinition, given: JsonValue): boolean {
  const value = typeof given === 'string' ? given.normalize('NFC').trim() : given;
  if (value === null || value === '') return !required;
  const isWithin = (size: number) => size >= (min ?? -Infinity) && size <= (max ?? Infinity);
  if (type === 'number')
    return typeof value === 'number' && Number.isFinite(value) && isWithin(value);
  if (type === 'boolean') return value === true || value === false;
  if (type === 'checkbox') {
    if (!Array.isArray(value)) return false;
    const chosen = value as readonly JsonValue[];
    const known = options.filter((option) => chosen.includes(option));
    return chosen.length === known.length && (chosen.length > 0 || !required);
  }
  if (typeof value !== 'string') return false;
  if (type === 'date') return isCalendarDate(value);
  if (type === 'select' || type === 'radio') return options.some((option) => option === value);
  const controls = type === 'textarea' ? /[\p{Cc}\p{Cs}]/u : /[\p{Cc}\p{Cs}]/u;
  const line = type === 'textarea' ? value.replaceAll(/[\t\r\n]/g, '') : value;
  if (controls.test(line) || !isWithin(Array.from(value).length)) return false;
  if (type === 'email') return /^[^@\s]+@[^@\s]+$/.test(value) && Array.from(value).length <= 160;
  if (type === 'url') return /^https?:/i.test(value) && !/\s/.test(value) && URL.canParse(value);
  return true;
}

describe('a value of a custom field', () => {
  test('is taken if and only if the definition allows it, whatever both are', () => {
    fc.assert(
      fc.property(definitions, values, (definition, value) => {
        const { violations } = readValue(definition, value, 'fields.field');
        expect([definition, value, violations.length === 0]).toEqual([
          definition,
          value,
          isGood(definition, value),
        ]);
        for (const { field } of violations) expect(field).toBe('fields.field');
      }),
      { numRuns: 2000 },
    );
  });

  test('is taken again as it was stored, and not changed a second time', () => {
    fc.assert(
      fc.property(definitions, values, (definition, given) => {
        const { value, violations } = readValue(definition, given, 'fields.field');
        fc.pre(violations.length === 0);
        expect(readValue(definition, value, 'fields.field')).toEqual({ value, violations: [] });
      }),
      { numRuns: 500 },
    );
  });
});

describe('a map of custom fields', () => {
  const keys = fc.oneof(
    fc.stringMatching(/^[a-z][a-z0-9_]{0,12}$/),
    fc.constantFrom(
      'password',
      'password_hash',
      'first_name',
      '__proto__',
      'constructor',
      'is_active',
    ),
    anyText(60),
  );
  const maps = fc.dictionary(keys, values, { maxKeys: 8, noNullPrototype: true });

  test('is refused or stored whole, and what is stored has no key that means something else', () => {
    fc.assert(
      fc.property(maps, fc.boolean(), (given, acceptsUnknown) => {
        const rules = { definitions: new Map(), acceptsUnknown };
        const { changes, violations } = readChanges(rules, given, 'fields');
        const bad = Object.keys(given).filter((key) => keyViolations(key, key).length > 0);
        if (bad.length > 0) expect(violations).not.toEqual([]);
        if (!acceptsUnknown && Object.values(given).some((value) => value !== null)) {
          expect(violations).not.toEqual([]);
        }
        if (violations.length > 0) return;
        const kept = Object.entries(given).filter(([, value]) => value !== null);
        expect(changes.set).toEqual(Object.fromEntries(kept));
        expect(changes.removed.length + kept.length).toBe(Object.keys(given).length);
        for (const key of Object.keys(given)) expect(key).toMatch(/^[a-z][a-z0-9_]{0,49}$/);
        expect(JSON.stringify(changes.set)).not.toMatch(/\\u0000|\\ud[89a-f]/);
      }),
      { numRuns: 500 },
    );
  });

  test('has no key that is the name of a secret or of a field, in any spelling', () => {
    const reserved = fc.constantFrom(
      'password',
      'passwordhash',
      'email',
      'isactive',
      'sessiontoken',
    );
    const spelled = fc.tuple(reserved, fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }));
    fc.assert(
      fc.property(spelled, ([name, breaks]) => {
        const key = Array.from(name, (sign, at) => (breaks[at] ? `${sign}_` : sign)).join('');
        expect(keyViolations(key, 'fields')).not.toEqual([]);
      }),
    );
  });
});

test('no pattern that is allowed keeps a processor busy, whatever it is tried on', () => {
  const parts = fc.constantFrom('(a+)+', '(a|a)*', '(.*)*', 'a{0,50}', '[a-z]+', 'b?', '(a?){20}');
  const patterns = fc
    .array(parts, { minLength: 1, maxLength: 5 })
    .map((all) => `^${all.join('')}$`);
  const definition = (pattern: string): FieldDefinition => ({
    ...{ key: 'field', type: 'text', required: false, userEditable: true, options: null },
    ...{ min: null, max: null, pattern, defaultValue: null },
  });
  fc.assert(
    fc.property(patterns, (pattern) => {
      if (patternFault(pattern) !== undefined) return;
      const started = process.cpuUsage();
      readValue(definition(pattern), `${'a'.repeat(2_000)}!`, 'fields.field');
      expect(process.cpuUsage(started).user).toBeLessThan(1_000_000);
    }),
    { numRuns: 15 },
  );
});
