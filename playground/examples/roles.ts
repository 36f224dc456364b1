import { errors, someUser, type ExampleGroup } from './example.ts';

export const roles: ExampleGroup = {
  title: 'Roles',
  examples: [
    {
      task: 'Create a role',
      query: `# A role of your own.
mutation CreateRole {
  createRole(name: "Editor", description: "Edits what others write.") {
    role {
      id
      name
      description
    }
    ${errors}
  }
}
`,
    },
    {
      task: 'Give a role',
      query: `# Repeating it changes nothing.
mutation GiveRole($id: ID!, $role: String!) {
  assignRole(userId: $id, role: $role) {
    roleAssignment {
      user {
        id
        roleNames
      }
      assignedAt
    }
    ${errors}
  }
}
`,
      variables: '{\n  "id": "",\n  "role": "Editor"\n}\n',
    },
    {
      task: 'Take a role away',
      query: `# The last active Owner stays one.
mutation TakeRole($id: ID!, $role: String!) {
  removeRole(userId: $id, role: $role) {
    user {
      id
      roleNames
    }
    ${errors}
  }
}
`,
      variables: '{\n  "id": "",\n  "role": "Editor"\n}\n',
    },
    {
      task: 'Demote to an ordinary user',
      query: `# Takes Owner and Admin away, for Owners.
mutation Demote($id: ID!) {
  demoteToUser(userId: $id) {
    user {
      id
      roleNames
    }
    ${errors}
  }
}
`,
      variables: someUser,
    },
    {
      task: 'Rename a role',
      query: `# What is left out stays.
mutation RenameRole($id: ID!, $name: String!) {
  updateRole(id: $id, name: $name) {
    role {
      id
      name
    }
    ${errors}
  }
}
`,
      variables: '{\n  "id": "",\n  "name": "Redaction"\n}\n',
    },
    {
      task: 'Delete a role',
      query: `# Only one that nobody holds.
mutation DeleteRole($id: ID!) {
  deleteRole(id: $id) {
    role {
      name
    }
    ${errors}
  }
}
`,
      variables: someUser,
    },
    {
      task: 'Give a role to all without one',
      query: `# After an import: everybody without a role gets
# the default one. For Owners.
mutation Backfill {
  assignRolesToExistingUsers(makeFirstOwner: false) {
    assignedOwner
    assignedUsers
    totalProcessed
    ${errors}
  }
}
`,
    },
  ],
};
