import { EXAMPLE_PASSWORD } from '../storage.ts';
import type { ExampleGroup } from './example.ts';

/** The tabs of a first visit: the way from an empty installation to an administrator's overview. */
export const firstVisit = {
  title: 'First steps',
  examples: [
    {
      task: 'Create an account',
      query: `# Creates an account.
# The first one becomes the owner.
mutation Register {
  register(
    input: {
      email: "ada@example.com"
      password: "${EXAMPLE_PASSWORD}"
      signIn: false
    }
  ) {
    user {
      id
      email
      roleNames
    }
    errors {
      code
      field
      message
    }
  }
}
`,
    },
    {
      task: 'Sign in by token',
      query: `# Signs in by token, as an app does.
# This page itself signs in by cookie,
# with the form above. To use a token,
# write it under Headers:
# { "authorization": "Bearer ..." }
mutation SignIn {
  login(
    input: {
      email: "ada@example.com"
      password: "${EXAMPLE_PASSWORD}"
      delivery: TOKEN
    }
  ) {
    token
    user {
      id
      email
    }
    errors {
      code
      field
      message
    }
  }
}
`,
    },
    {
      task: 'Who am I?',
      query: `# Who is calling; null when signed out.
query Me {
  me {
    id
    email
    firstName
    lastName
    roleNames
    createdAt
    lastSignInAt
  }
}
`,
    },
    {
      task: 'Where am I signed in?',
      query: `# Where the caller is signed in.
query Sessions {
  mySessions {
    id
    createdAt
    lastSeenAt
    expiresAt
    ipAddress
    browser
    os
    isCurrent
  }
  currentSession {
    id
  }
}
`,
    },
    {
      task: 'All accounts',
      query: `# All accounts, for administrators.
query Users {
  users(page: 1, pageSize: 20) {
    totalCount
    totalPages
    nodes {
      id
      email
      displayName
      roleNames
      isActive
      confirmedAt
    }
  }
}
`,
    },
    {
      task: 'All roles',
      query: `# All roles, those of Gatehouse first.
query Roles {
  roles {
    name
    description
    isSystem
  }
}
`,
    },
    {
      task: 'Make an administrator',
      query: `# Makes a user an administrator, for owners.
# Put the user's id under Variables.
mutation Promote($id: ID!) {
  promoteToAdmin(userId: $id) {
    roleAssignment {
      user {
        id
        email
        roleNames
      }
    }
    errors {
      code
      field
      message
    }
  }
}
`,
      variables: '{\n  "id": ""\n}\n',
    },
  ],
} as const satisfies ExampleGroup;
