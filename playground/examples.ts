import { EXAMPLE_PASSWORD } from './storage.ts';

/** One tab of GraphiQL; its title is the name of the operation. */
interface Example {
  readonly query: string;
  readonly variables?: string;
}

/** The tabs of a first visit: the way from an empty installation to an administrator's overview. */
export const examples: Example[] = [
  {
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
];
