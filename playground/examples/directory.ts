import type { ExampleGroup } from './example.ts';

export const directory: ExampleGroup = {
  title: 'Find users',
  examples: [
    {
      task: 'Search',
      query: `# The best ten for a part of an address or name.
query Search($term: String!) {
  searchUsers(term: $term) {
    id
    email
    username
    firstName
    lastName
  }
}
`,
      variables: '{\n  "term": "ada"\n}\n',
    },
    {
      task: 'Find by address',
      query: `# Null when nobody has the address.
query FindByAddress($email: String!) {
  userByEmail(email: $email) {
    id
    displayName
    isActive
    confirmedAt
    roleNames
    lastSignInAt
    registration {
      ipAddress
      country
      city
    }
    sessions {
      id
      lastSeenAt
      browser
      os
    }
  }
}
`,
      variables: '{\n  "email": "ada@example.com"\n}\n',
    },
    {
      task: 'Filter the list',
      query: `# Active users who never confirmed their address,
# the oldest first.
query Unconfirmed {
  users(isActive: true, confirmed: false, sort: CREATED_AT_ASC, pageSize: 20) {
    totalCount
    nodes {
      id
      email
      createdAt
    }
  }
}
`,
    },
    {
      task: 'Read a long list',
      query: `# However long the list: put endCursor into after.
query LongList($after: String) {
  usersConnection(first: 50, after: $after) {
    edges {
      node {
        id
        email
        displayName
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
`,
      variables: '{\n  "after": null\n}\n',
    },
    {
      task: 'Holders of a role',
      query: `# Who holds a role.
query Holders($role: String!) {
  usersWithRole(role: $role, pageSize: 20) {
    totalCount
    nodes {
      id
      email
      displayName
    }
  }
}
`,
      variables: '{\n  "role": "Admin"\n}\n',
    },
    {
      task: 'Count everybody',
      query: `# How many there are, in one statement.
query Statistics {
  roleStats {
    totalUsers
    activeCount
    inactiveCount
    confirmedCount
    pendingCount
    byRole {
      role {
        name
      }
      count
    }
  }
}
`,
    },
  ],
};
