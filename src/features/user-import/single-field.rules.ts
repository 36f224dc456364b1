import type { JsonValue } from '../../json.ts';
import type { FieldRules } from '../custom-field/custom-field.rules.ts';
import type { CustomFields } from '../user/user.entity.ts';

const prefix = 'customFields.';

/** Whether a field of a row is one custom field, such as `customFields.department`. */
export function isSingleField(field: string): boolean {
  return field.startsWith(prefix);
}

/** Those custom fields of a row that have a field of their own. */
export function singleFields(
  values: Readonly<Record<string, unknown>>,
  { definitions }: FieldRules,
): CustomFields {
  const fields = Object.keys(values).filter(isSingleField);
  return Object.fromEntries(
    fields.map((field) => {
      const key = field.slice(prefix.length);
      const value = values[field] as JsonValue;
      return [key, typeof value === 'string' ? fromText(definitions.get(key)?.type, value) : value];
    }),
  );
}

/** What a cell means for this type. What cannot be read stays text, and is refused as such. */
function fromText(type: string | undefined, text: string): JsonValue {
  const plain = text.trim();
  if (type === 'number' && /^-?\d+(\.\d+)?$/.test(plain)) return Number(plain);
  if (type === 'boolean' && /^(true|false)$/i.test(plain)) return plain.toLowerCase() === 'true';
  if (type === 'checkbox') return plain.split(';').map((option) => option.trim());
  return text;
}
