import { ErrorCode, type UserError } from '../../errors.ts';
import type { JsonValue } from '../../json.ts';
import { characterCount, cleanText, hasForbiddenCharacters } from '../../text.ts';
import { emailViolations } from '../user/user.rules.ts';
import { isTyped, type FieldDefinition } from './custom-field.rules.ts';
import { matchesPattern } from './pattern.rules.ts';

/** A value as it will be stored (null: not at all), and everything that is wrong with it. */
export interface ReadValue {
  readonly value: JsonValue;
  readonly violations: readonly UserError[];
}

/**
 * Reads a value by its definition. Text is cleaned as all input is; blank is null. Violations
 * name `field`.
 */
export function readValue(definition: FieldDefinition, given: JsonValue, field: string): ReadValue {
  const value = typeof given === 'string' ? cleanText(given) : given;
  const missing = value === null || (Array.isArray(value) && value.length === 0);
  if (missing && definition.required) {
    return { value, violations: [{ code: ErrorCode.REQUIRED, field, message: 'is required' }] };
  }
  return { value, violations: value === null ? [] : faultsOf(definition, value, field) };
}

function faultsOf(definition: FieldDefinition, value: JsonValue, field: string): UserError[] {
  const invalid = (message: string) => [{ code: ErrorCode.INVALID, field, message }];
  if (isTyped(definition.type)) {
    return typeof value === 'string'
      ? typedFaults(definition, value, field)
      : invalid('must be text');
  }
  switch (definition.type) {
    case 'number':
      return numberFaults(definition, value, field);
    case 'boolean':
      return typeof value === 'boolean' ? [] : invalid('must be true or false');
    case 'date':
      return isDate(value) ? [] : invalid('must be a date such as 2026-02-28');
    case 'checkbox':
      return isSelection(definition, value)
        ? []
        : invalid('must be a list of options, each at most once');
    default:
      return isOption(definition, value) ? [] : invalid('must be one of the options');
  }
}

// Longer than any custom field can be: nothing else is looked at in such a text.
const maxTextLength = 16_384;

function typedFaults(definition: FieldDefinition, text: string, field: string): UserError[] {
  const { type, min, max } = definition;
  const length = characterCount(text);
  if (length > Math.min(max ?? Infinity, maxTextLength)) {
    const message = `must have at most ${max ?? maxTextLength} characters`;
    return [{ code: ErrorCode.TOO_LONG, field, message }];
  }
  const faults = type === 'email' ? emailViolations(text, field) : [];
  if (min !== null && length < min) {
    const message = `must have at least ${min} characters`;
    faults.push({ code: ErrorCode.TOO_SHORT, field, message });
  }
  const message = formFault(definition, text);
  if (message !== undefined) faults.push({ code: ErrorCode.INVALID, field, message });
  return faults;
}

function formFault(definition: FieldDefinition, text: string): string | undefined {
  const { type } = definition;
  // Lines are what a text area is for.
  const line = type === 'textarea' ? text.replace(/[\t\r\n]/g, ' ') : text;
  if (type !== 'email' && hasForbiddenCharacters(line)) {
    return 'must not contain control characters';
  }
  if (type === 'url' && !isWebAddress(text))
    return 'must be an address such as https://example.com';
  return matchesPattern(definition, text) ? undefined : 'does not match the pattern';
}

/** Only what is safe to make a link of: `javascript:` is an address, too. */
function isWebAddress(text: string): boolean {
  if (/\s/.test(text) || !URL.canParse(text)) return false;
  return ['http:', 'https:'].includes(new URL(text).protocol);
}

function numberFaults({ min, max }: FieldDefinition, value: JsonValue, field: string): UserError[] {
  const invalid = (message: string) => [{ code: ErrorCode.INVALID, field, message }];
  if (typeof value !== 'number' || !Number.isFinite(value)) return invalid('must be a number');
  if (min !== null && value < min) return invalid(`must be at least ${min}`);
  if (max !== null && value > max) return invalid(`must be at most ${max}`);
  return [];
}

function isDate(value: JsonValue): boolean {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(value)) return false;
  const date = new Date(`${value}T00:00:00Z`);
  // What is no day of its month, JavaScript takes for one of the next.
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value);
}

function isOption({ options }: FieldDefinition, value: JsonValue): boolean {
  return typeof value === 'string' && (options ?? []).includes(value);
}

function isSelection(definition: FieldDefinition, value: JsonValue): boolean {
  if (!Array.isArray(value)) return false;
  const chosen = value as readonly JsonValue[];
  return chosen.every((one) => isOption(definition, one)) && new Set(chosen).size === chosen.length;
}
