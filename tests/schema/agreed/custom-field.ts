import type { Agreement } from './agreement.ts';

/** What custom fields may hold. */
export const customField: Agreement = {
  Query: {
    customFieldDefinitions: {
      access: '@auth(requires: USER, scope: USERS_READ)',
      type: '[CustomFieldDefinition!]!',
    },
  },
  Mutation: {
    defineCustomField: {
      access: '@auth(requires: ADMIN)',
      args: ['input: DefineCustomFieldInput!'],
      type: 'CustomFieldDefinitionPayload!',
    },
    updateCustomFieldDefinition: {
      access: '@auth(requires: ADMIN)',
      args: ['key: String!', 'input: UpdateCustomFieldInput!'],
      type: 'CustomFieldDefinitionPayload!',
    },
    removeCustomFieldDefinition: {
      access: '@auth(requires: ADMIN)',
      args: ['key: String!'],
      type: 'CustomFieldDefinitionPayload!',
    },
    reorderCustomFields: {
      access: '@auth(requires: ADMIN)',
      args: ['keys: [String!]!'],
      type: 'CustomFieldDefinitionsPayload!',
    },
  },
  types: {
    CustomFieldDefinition: [
      'key: String!',
      'label: String!',
      'type: CustomFieldType!',
      'required: Boolean!',
      'position: Int!',
      'enabled: Boolean!',
      'userEditable: Boolean!',
      'options: [String!]',
      'validation: CustomFieldValidation!',
      'defaultValue: JSON',
    ],
    CustomFieldValidation: ['min: Float', 'max: Float', 'pattern: String'],
    CustomFieldDefinitionPayload: [
      'customFieldDefinition: CustomFieldDefinition',
      'errors: [UserError!]!',
    ],
    CustomFieldDefinitionsPayload: [
      'customFieldDefinitions: [CustomFieldDefinition!]',
      'errors: [UserError!]!',
    ],
  },
  enums: {
    CustomFieldType: [
      'TEXT',
      'TEXTAREA',
      'NUMBER',
      'BOOLEAN',
      'DATE',
      'EMAIL',
      'URL',
      'SELECT',
      'RADIO',
      'CHECKBOX',
    ],
  },
};
