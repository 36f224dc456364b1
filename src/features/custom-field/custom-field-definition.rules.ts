import { blank, ErrorCode, type UserError } from '../../errors.ts';
import { characterCount, cleanText, lineViolations } from '../../text.ts';
import { readValue } from './custom-field-value.rules.ts';
import { isChosen, isTyped, keyViolations, type FieldDefinition } from './custom-field.rules.ts';
import { maxPatternLength, patternFault } from './pattern.rules.ts';

/** A definition as it would be stored, cleaned. */
export interface Draft extends FieldDefinition {
  readonly label: string;
  readonly enabled: boolean;
}

const maxOptions = 100;
const maxOptionLength = 100;

/** Options as they will be stored: cleaned, and null where there are none. */
export function readOptions(options: readonly string[] | null | undefined): string[] | null {
  const cleaned = (options ?? []).map((option) => cleanText(option) ?? '');
  return cleaned.length === 0 ? null : cleaned;
}

/** Everything that is wrong with a definition by itself. */
export function definitionViolations(draft: Draft): UserError[] {
  const violations = [
    ...keyViolations(draft.key, 'input.key'),
    ...labelViolations(draft),
    ...optionViolations(draft),
    ...boundViolations(draft),
    ...patternViolations(draft),
  ];
  // A default can only be held against a definition that is right.
  return violations.length > 0 ? violations : defaultViolations(draft);
}

function labelViolations({ key, label }: Draft): UserError[] {
  if (label === key) return []; // what is wrong with it has been said
  if (label === '') {
    return [blank('input.label')];
  }
  return lineViolations(label, 'input.label', 100);
}

function optionViolations({ type, options }: Draft): UserError[] {
  const field = 'input.options';
  const invalid = (message: string) => [{ code: ErrorCode.INVALID, field, message }];
  if (!isChosen(type)) {
    return options === null ? [] : invalid('only select, radio and checkbox have options');
  }
  if (options === null) {
    return [{ code: ErrorCode.REQUIRED, field, message: 'must have at least one option' }];
  }
  if (options.length > maxOptions) {
    return [{ code: ErrorCode.TOO_LONG, field, message: `must be at most ${maxOptions} options` }];
  }
  if (options.includes('')) return invalid('no option must be blank');
  if (new Set(options).size < options.length) return invalid('no option must be there twice');
  return options.flatMap((option) => lineViolations(option, field, maxOptionLength)).slice(0, 1);
}

function boundViolations({ type, min, max }: Draft): UserError[] {
  const bounds = [
    { name: 'min', value: min },
    { name: 'max', value: max },
  ];
  const violations = bounds.flatMap(({ name, value }) => {
    const message = value === null ? undefined : boundFault(type, value);
    const field = `input.validation.${name}`;
    return message === undefined ? [] : [{ code: ErrorCode.INVALID, field, message }];
  });
  if (violations.length > 0 || min === null || max === null || min <= max) return violations;
  const message = 'must not be less than min';
  return [{ code: ErrorCode.INVALID, field: 'input.validation.max', message }];
}

function boundFault(type: Draft['type'], value: number): string | undefined {
  if (type === 'number') return undefined;
  if (!isTyped(type)) return 'is for numbers and for the length of text';
  const isLength = Number.isInteger(value) && value >= 0;
  return isLength ? undefined : 'must be a number of characters';
}

function patternViolations({ type, pattern }: Draft): UserError[] {
  if (pattern === null) return [];
  const field = 'input.validation.pattern';
  if (characterCount(pattern) > maxPatternLength) {
    const message = `must have at most ${maxPatternLength} characters`;
    return [{ code: ErrorCode.TOO_LONG, field, message }];
  }
  const message = isTyped(type) ? patternFault(pattern) : 'is for text';
  return message === undefined ? [] : [{ code: ErrorCode.INVALID, field, message }];
}

function defaultViolations(draft: Draft): UserError[] {
  if (draft.defaultValue === null) return [];
  return [...readValue(draft, draft.defaultValue, 'input.defaultValue').violations];
}
