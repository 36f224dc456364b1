import { errors, someUser, type ExampleGroup } from './example.ts';

export const accounts: ExampleGroup = {
  title: 'Accounts of others',
  examples: [
    {
      task: 'Create an account',
      query: `# Without a password the user chooses one by mail:
# see requestPasswordReset.
mutation CreateAccount {
  createUser(
    input: {
      email: "grace@example.com"
      firstName: "Grace"
      lastName: "Hopper"
      confirmed: true
    }
  ) {
    user {
      id
      email
      displayName
      roleNames
    }
    ${errors}
  }
}
`,
    },
    {
      task: 'Change a profile',
      query: `# What is left out stays; null clears.
mutation ChangeProfile($id: ID!, $input: ProfileInput!) {
  updateUserProfile(userId: $id, input: $input) {
    user {
      id
      displayName
      timezone
    }
    ${errors}
  }
}
`,
      variables:
        '{\n  "id": "",\n  "input": { "firstName": "Grace", "timezone": "America/New_York" }\n}\n',
    },
    {
      task: 'Confirm an address',
      query: `# As if the user had opened the mailed link.
mutation Confirm($id: ID!) {
  adminConfirmUser(userId: $id) {
    user {
      id
      email
      isActive
      confirmedAt
    }
    ${errors}
  }
}
`,
      variables: someUser,
    },
    {
      task: 'Deactivate',
      query: `# Signs the user out everywhere, at once.
# true lets the user in again.
mutation Deactivate($id: ID!) {
  updateUserStatus(userId: $id, isActive: false) {
    user {
      id
      email
      isActive
      confirmedAt
    }
    ${errors}
  }
}
`,
      variables: someUser,
    },
    {
      task: 'Sign out everywhere',
      query: `# Ends every session of a user.
mutation SignOutEverywhere($id: ID!) {
  revokeUserSessions(userId: $id) {
    count
    ${errors}
  }
}
`,
      variables: someUser,
    },
    {
      task: 'Set a password',
      query: `# The user is told by mail, and signed out everywhere.
mutation SetPassword($id: ID!, $password: String!) {
  adminSetPassword(userId: $id, password: $password) {
    user {
      id
      email
    }
    ${errors}
  }
}
`,
      variables: '{\n  "id": "",\n  "password": ""\n}\n',
    },
    {
      task: 'Delete an account',
      query: `# For good. The audit log keeps what was done,
# without the person.
mutation DeleteAccount($id: ID!) {
  deleteUser(userId: $id) {
    ${errors}
  }
}
`,
      variables: someUser,
    },
  ],
};
