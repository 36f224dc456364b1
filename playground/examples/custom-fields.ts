import { errors, type ExampleGroup } from './example.ts';

export const customFields: ExampleGroup = {
  title: 'Custom fields',
  examples: [
    {
      task: 'Define a field',
      query: `# What users have beside their profile.
mutation DefineField {
  defineCustomField(
    input: {
      key: "department"
      label: "Department"
      type: SELECT
      options: ["Engineering", "Sales", "Support"]
      userEditable: false
    }
  ) {
    customFieldDefinition {
      key
      type
      position
    }
    ${errors}
  }
}
`,
    },
    {
      task: 'All definitions',
      query: `# In the order in which forms show them.
query Fields {
  customFieldDefinitions {
    key
    label
    type
    required
    enabled
    userEditable
    options
  }
}
`,
    },
    {
      task: 'Set a value',
      query: `# One field of one user; the others stay.
mutation SetField($id: ID!, $key: String!, $value: JSON) {
  setUserCustomField(userId: $id, key: $key, value: $value) {
    user {
      id
      customFields
    }
    ${errors}
  }
}
`,
      variables: '{\n  "id": "",\n  "key": "department",\n  "value": "Engineering"\n}\n',
    },
    {
      task: 'Edit many users',
      query: `# A thousand at most, each on its own.
# dryRun only tells what would happen.
mutation BulkEdit($ids: [ID!]!, $fields: JSONObject!) {
  bulkUpdateUserFields(userIds: $ids, fields: $fields, dryRun: true) {
    updatedCount
    failedCount
    results {
      userId
      errors {
        code
        field
        message
      }
    }
    ${errors}
  }
}
`,
      variables: '{\n  "ids": [""],\n  "fields": { "department": "Engineering" }\n}\n',
    },
    {
      task: 'Find by a field',
      query: `# Users whose fields hold all of this.
query Department($fields: JSONObject!) {
  users(customFields: $fields, pageSize: 20) {
    totalCount
    nodes {
      id
      email
    }
  }
}
`,
      variables: '{\n  "fields": { "department": "Engineering" }\n}\n',
    },
  ],
};
