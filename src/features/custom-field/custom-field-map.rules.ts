import { ErrorCode, type UserError } from '../../errors.ts';
import type { JsonValue } from '../../json.ts';
import type { CustomFields } from '../user/user.entity.ts';
import { readValue, type ReadValue } from './custom-field-value.rules.ts';
import { keyViolations, pathOfKey, type FieldRules } from './custom-field.rules.ts';

const maxKeys = 100;
const maxBytes = 16_384;
const maxDepth = 5;

/** What a write does to the custom fields of whoever it is about. */
export interface FieldChanges {
  readonly set: CustomFields;
  readonly removed: readonly string[];
}

/** What was read from input, and everything that is wrong with it. */
export interface ReadChanges {
  readonly changes: FieldChanges;
  readonly violations: readonly UserError[];
}

/** Where a key and its value stand in the input. */
export interface KeyPath {
  readonly key: string;
  readonly value: string;
}

/**
 * Reads fields to be written over what a user has; null removes one. Refused are, all at once, bad
 * and reserved keys, keys without a definition where there must be one (`UNKNOWN_FIELD`), what a
 * definition does not allow, and the removal of what is required (`REQUIRED`).
 */
export function readChanges(
  rules: FieldRules,
  given: CustomFields,
  path: string,
  pathOf: (key: string) => KeyPath = (key) => samePath(pathOfKey(path, key)),
): ReadChanges {
  const keys = Object.keys(given);
  if (keys.length > maxKeys) return { changes: nothing, violations: [tooManyKeys(path)] };
  const read = keys.map((key) => ({
    key,
    ...readOne(rules, key, given[key] ?? null, pathOf(key)),
  }));
  const kept = read.filter(({ value }) => value !== null);
  return {
    changes: {
      set: Object.fromEntries(kept.map(({ key, value }) => [key, value])),
      removed: read.filter(({ value }) => value === null).map(({ key }) => key),
    },
    violations: read.flatMap(({ violations }) => violations),
  };
}

const nothing: FieldChanges = { set: {}, removed: [] };

function samePath(path: string): KeyPath {
  return { key: path, value: path };
}

function readOne(rules: FieldRules, key: string, given: JsonValue, path: KeyPath): ReadValue {
  const violations = keyViolations(key, path.key);
  if (violations.length > 0) return { value: null, violations };
  const definition = rules.definitions.get(key);
  if (definition !== undefined) return readValue(definition, given, path.value);
  if (!rules.acceptsUnknown && given !== null) {
    const message = 'is not a custom field';
    return {
      value: null,
      violations: [{ code: ErrorCode.UNKNOWN_FIELD, field: path.key, message }],
    };
  }
  return { value: given, violations: freeValueViolations(given, path.value) };
}

/** The custom fields of somebody who had `current`, after the changes. */
export function changeFields(current: CustomFields, { set, removed }: FieldChanges): CustomFields {
  const kept = Object.entries(current).filter(([key]) => !removed.includes(key));
  return { ...Object.fromEntries(kept), ...set };
}

/** Whether a user would have too many fields, or too much in them. */
export function sizeViolations(fields: CustomFields, path: KeyPath): UserError[] {
  if (Object.keys(fields).length > maxKeys) return [tooManyKeys(path.key)];
  if (Buffer.byteLength(JSON.stringify(fields)) <= maxBytes) return [];
  const message = `all custom fields together must have at most ${maxBytes} bytes as JSON`;
  return [{ code: ErrorCode.TOO_LONG, field: path.value, message }];
}

/**
 * Reads all custom fields a user shall have: as `readChanges`, and refused is as well what is
 * required and missing, and what is too much.
 */
export function readFields(
  rules: FieldRules,
  given: CustomFields,
  path: string,
): { readonly fields: CustomFields; readonly violations: readonly UserError[] } {
  const { changes, violations } = readChanges(rules, given, path);
  const missing = [...rules.definitions.values()]
    .filter(({ required, key }) => required && !Object.hasOwn(given, key))
    .map(({ key }) => ({
      code: ErrorCode.REQUIRED,
      field: pathOfKey(path, key),
      message: 'is required',
    }));
  const found = [...violations, ...missing, ...sizeViolations(changes.set, samePath(path))];
  return { fields: changes.set, violations: found };
}

/** As `readFields`, for somebody new: what is not given has its default. */
export function readNewFields(rules: FieldRules, given: CustomFields, path: string) {
  return readFields(rules, { ...defaultFields(rules), ...given }, path);
}

/** What somebody new has of themselves. */
export function defaultFields({ definitions }: FieldRules): CustomFields {
  return Object.fromEntries(
    [...definitions.values()]
      .filter(({ defaultValue }) => defaultValue !== null)
      .map(({ key, defaultValue }) => [key, defaultValue]),
  );
}

function tooManyKeys(field: string): UserError {
  return {
    code: ErrorCode.TOO_LONG,
    field,
    message: `a user has at most ${maxKeys} custom fields`,
  };
}

/** What is wrong with a value nobody defined: what no database or reader would take. */
function freeValueViolations(value: JsonValue, field: string): UserError[] {
  // The map of all fields is the first level.
  const message = freeValueFault(value, maxDepth - 1);
  return message === undefined ? [] : [{ code: ErrorCode.INVALID, field, message }];
}

function freeValueFault(value: JsonValue, levels: number): string | undefined {
  if (typeof value === 'string') return textFault(value);
  if (typeof value === 'number')
    return Number.isFinite(value) ? undefined : 'is too large a number';
  if (typeof value !== 'object' || value === null) return undefined;
  if (levels === 0) return `must not nest deeper than ${maxDepth} levels`;
  for (const [key, inner] of Object.entries(value as Readonly<Record<string, JsonValue>>)) {
    const fault = nestedKeyFault(key) ?? freeValueFault(inner, levels - 1);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function nestedKeyFault(key: string): string | undefined {
  // Whoever merges such an object carelessly changes what all objects have.
  const dangerous = ['__proto__', 'prototype', 'constructor'].includes(key);
  return dangerous ? `must not contain the key ${key}` : textFault(key);
}

function textFault(text: string): string | undefined {
  // NUL cannot be stored, and half a surrogate pair is no text.
  return /[\0\p{Cs}]/u.test(text) ? 'must not contain NUL or half characters' : undefined;
}
