import { isAdministrator } from '../../actor.ts';
import { transaction, type Ctx } from '../../context.ts';
import { ErrorCode, Refusal, refuse, type UserError } from '../../errors.ts';
import type { JsonValue } from '../../json.ts';
import { cleanText } from '../../text.ts';
import { record } from '../audit/audit.service.ts';
import { requireAdministrator } from '../role/authority.service.ts';
import type { CustomFieldDefinition } from './custom-field-definition.entity.ts';
import { definitionViolations, readOptions, type Draft } from './custom-field-definition.rules.ts';
import { defaultFields, sizeViolations } from './custom-field-map.rules.ts';
import { readValue } from './custom-field-value.rules.ts';
import type { CustomFieldType, FieldRules } from './custom-field.rules.ts';
import { definitionsToChange, readDefinitions, writeDefinition } from './custom-field.store.ts';

/** What values are held against. What is absent stays as it is; null takes it away. */
export interface Validation {
  readonly min?: number | null | undefined;
  readonly max?: number | null | undefined;
  readonly pattern?: string | null | undefined;
}

/** What to change of a definition. What is absent stays as it is. */
export interface DefinitionChange {
  readonly label?: string | null | undefined;
  readonly type?: CustomFieldType | null | undefined;
  readonly required?: boolean | null | undefined;
  readonly enabled?: boolean | null | undefined;
  readonly userEditable?: boolean | null | undefined;
  readonly options?: readonly string[] | null | undefined;
  readonly validation?: Validation | null | undefined;
  readonly defaultValue?: JsonValue | undefined;
}

export interface NewDefinition extends DefinitionChange {
  readonly key: string;
  readonly type: CustomFieldType;
}

/** What decides about custom fields at this moment. */
export async function fieldRules(ctx: Ctx): Promise<FieldRules> {
  const definitions = await readDefinitions(ctx, { onlyEnabled: true });
  return {
    definitions: new Map(definitions.map((definition) => [definition.key, definition])),
    acceptsUnknown: ctx.config.customFields === 'open',
  };
}

/** `defaultFields` of the rules of this moment, as SQL: for the statement that makes a user. */
export const defaultFieldsSql = `coalesce((SELECT jsonb_object_agg(key, default_value)
    FROM custom_field_definitions WHERE enabled AND default_value IS NOT NULL), '{}')`;

/** The definitions in the order of forms. Users other than administrators see the enabled ones. */
export function listDefinitions(ctx: Ctx): Promise<CustomFieldDefinition[]> {
  const all = isAdministrator(ctx.actor) || ctx.actor.type === 'key';
  return readDefinitions(ctx, { onlyEnabled: !all });
}

/**
 * Defines a custom field, the last one in forms. What users have under its key stays as it is.
 * Refuses with everything that is wrong, and with `TAKEN` on `input.key`; and, as all of these do,
 * with `INSUFFICIENT_PERMISSIONS` who is no administrator any more.
 */
export function defineField(ctx: Ctx, input: NewDefinition): Promise<CustomFieldDefinition> {
  return transaction(ctx, async (ctx) => {
    await requireAdministrator(ctx);
    const others = await definitionsToChange(ctx);
    const key = cleanText(input.key) ?? '';
    const draft = withChanges({ ...blank, key, label: key, type: input.type }, input);
    const taken = others.some((other) => other.key === key);
    const violations = [
      ...(taken ? [{ code: ErrorCode.TAKEN, field: 'input.key', message: 'is taken' }] : []),
      ...violationsAmong(others, draft),
    ];
    if (violations.length > 0) throw new Refusal(violations);
    const position = Math.max(0, ...others.map((other) => other.position)) + 1;
    const defined = await writeDefinition(ctx, { ...draft, position });
    const metadata = { key, definition: draft };
    await record(ctx, { action: 'custom_field.defined', subjectId: null, metadata });
    return defined;
  });
}

/**
 * Changes a definition. It decides about what is written from now on: no value is written anew.
 * Refuses with everything that would be wrong with the definition, and with `NOT_FOUND` on `key`.
 */
export function updateDefinition(
  ctx: Ctx,
  key: string,
  change: DefinitionChange,
): Promise<CustomFieldDefinition> {
  return transaction(ctx, async (ctx) => {
    await requireAdministrator(ctx);
    const all = await definitionsToChange(ctx);
    const stored = all.find((one) => one.key === key) ?? refuseMissing('key');
    const others = all.filter((other) => other !== stored);
    const before = draftOf(stored);
    const draft = withChanges(before, change);
    const violations = violationsAmong(others, draft);
    if (violations.length > 0) throw new Refusal(violations);
    const changes = differences(before, draft);
    if (Object.keys(changes).length === 0) return stored;
    const changed = await writeDefinition(ctx, { ...draft, position: stored.position });
    const metadata = { key, changes };
    await record(ctx, { action: 'custom_field.changed', subjectId: null, metadata });
    return changed;
  });
}

/**
 * Removes a definition and answers it. What users have under its key stays, and is from now on
 * what a field without a definition is. Refuses with `NOT_FOUND` on `key`.
 */
export function removeDefinition(ctx: Ctx, key: string): Promise<CustomFieldDefinition> {
  return transaction(ctx, async (ctx) => {
    await requireAdministrator(ctx);
    const all = await definitionsToChange(ctx);
    const stored = all.find((one) => one.key === key) ?? refuseMissing('key');
    await ctx.db.query('DELETE FROM custom_field_definitions WHERE key = $1', [key]);
    const metadata = { key, definition: draftOf(stored) };
    await record(ctx, { action: 'custom_field.removed', subjectId: null, metadata });
    return stored;
  });
}

/**
 * Puts these fields first, in this order; the others follow in the order they had. Refuses with
 * `NOT_FOUND` and, for a key that is there twice, `INVALID` on `keys`.
 */
export function reorderFields(ctx: Ctx, keys: readonly string[]): Promise<CustomFieldDefinition[]> {
  return transaction(ctx, async (ctx) => {
    await requireAdministrator(ctx);
    const before = (await definitionsToChange(ctx)).map(({ key }) => key);
    if (keys.some((key) => !before.includes(key))) refuseMissing('keys');
    if (new Set(keys).size < keys.length) refuse(ErrorCode.INVALID, 'keys', 'names one twice');
    const after = [...keys, ...before.filter((key) => !keys.includes(key))];
    if (after.every((key, index) => key === before[index])) return listDefinitions(ctx);
    await ctx.db.query(
      `UPDATE custom_field_definitions d SET position = wanted.position, updated_at = now()
       FROM unnest($1::text[]) WITH ORDINALITY AS wanted (key, position)
       WHERE d.key = wanted.key AND d.position <> wanted.position`,
      [after],
    );
    const metadata = { order: { from: before, to: after } };
    await record(ctx, { action: 'custom_fields.reordered', subjectId: null, metadata });
    return listDefinitions(ctx);
  });
}

function refuseMissing(field: string): never {
  return refuse(ErrorCode.NOT_FOUND, field, 'There is no such custom field.');
}

const blank = {
  required: false,
  enabled: true,
  userEditable: false,
  options: null,
  min: null,
  max: null,
  pattern: null,
  defaultValue: null,
} as const;

function draftOf(stored: CustomFieldDefinition): Draft {
  const { key, label, type, required, enabled, userEditable, options } = stored;
  const { min, max, pattern, defaultValue } = stored;
  return {
    ...{ key, label, type, required, enabled, userEditable, options },
    ...{ min, max, pattern, defaultValue },
  };
}

function withChanges(draft: Draft, change: DefinitionChange): Draft {
  const { label, options, defaultValue, validation } = change;
  const changed: Draft = {
    ...draft,
    ...bounds(draft, validation),
    label: label === undefined ? draft.label : (cleanText(label) ?? ''),
    type: change.type ?? draft.type,
    required: change.required ?? draft.required,
    enabled: change.enabled ?? draft.enabled,
    userEditable: change.userEditable ?? draft.userEditable,
    options: options === undefined ? draft.options : readOptions(options),
  };
  if (defaultValue === undefined) return changed;
  return { ...changed, defaultValue: readValue(changed, defaultValue, '').value };
}

function bounds(draft: Draft, validation: Validation | null | undefined) {
  if (validation === null) return { min: null, max: null, pattern: null };
  const { min = draft.min, max = draft.max, pattern = draft.pattern } = validation ?? {};
  return { min, max, pattern: pattern === '' ? null : pattern };
}

const maxDefinitions = 100;

/** What is wrong with a definition by itself, and beside the others. */
function violationsAmong(others: readonly CustomFieldDefinition[], draft: Draft) {
  const violations = definitionViolations(draft);
  if (others.length >= maxDefinitions) {
    const message = `there are at most ${maxDefinitions} custom fields`;
    violations.push({ code: ErrorCode.TOO_LONG, field: 'input.key', message });
  }
  return violations.length > 0 ? violations : defaultsTooLarge(others, draft);
}

/** A new user must be able to have every default. */
function defaultsTooLarge(others: readonly CustomFieldDefinition[], draft: Draft): UserError[] {
  const enabled = [...others, draft].filter((one) => one.enabled);
  const definitions = new Map(enabled.map((definition) => [definition.key, definition]));
  const defaults = defaultFields({ definitions, acceptsUnknown: false });
  const field = 'input.defaultValue';
  return sizeViolations(defaults, { key: field, value: field });
}

function differences(before: Draft, after: Draft) {
  const names = Object.keys(before) as (keyof Draft)[];
  const changed = names.filter(
    (name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  );
  return Object.fromEntries(changed.map((name) => [name, { from: before[name], to: after[name] }]));
}
