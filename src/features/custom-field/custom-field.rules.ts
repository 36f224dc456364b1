/** What a custom field can be. */
export const customFieldTypes = [
  'text',
  'textarea',
  'number',
  'boolean',
  'date',
  'email',
  'url',
  'select',
  'radio',
  'checkbox',
] as const;

export type CustomFieldType = (typeof customFieldTypes)[number];
