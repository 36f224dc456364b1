import { someUser, type ExampleGroup } from './example.ts';

export const auditLog: ExampleGroup = {
  title: 'Audit log',
  examples: [
    {
      task: 'The newest events',
      query: `# What was done, newest first.
# Put endCursor into after to go on.
query Newest($after: String) {
  auditEvents(first: 20, after: $after) {
    edges {
      node {
        id
        action
        actor {
          type
          label
        }
        subject {
          id
          displayName
        }
        ipAddress
        metadata
        createdAt
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
      task: 'What was done to a user',
      query: `# Everything about one account.
query About($id: ID!) {
  auditEvents(first: 50, subjectId: $id) {
    edges {
      node {
        id
        action
        actor {
          type
          label
        }
        subject {
          id
          displayName
        }
        ipAddress
        metadata
        createdAt
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
`,
      variables: someUser,
    },
    {
      task: 'What somebody did',
      query: `# By a user or an API key.
query By($id: ID!) {
  auditEvents(first: 50, actorId: $id) {
    edges {
      node {
        id
        action
        actor {
          type
          label
        }
        subject {
          id
          displayName
        }
        ipAddress
        metadata
        createdAt
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
`,
      variables: someUser,
    },
    {
      task: 'Refused sign-ins of a day',
      query: `# Who could not sign in, and why.
query Refused($from: DateTime!, $to: DateTime!) {
  auditEvents(first: 50, action: "session.refused", from: $from, to: $to) {
    edges {
      node {
        id
        action
        actor {
          type
          label
        }
        subject {
          id
          displayName
        }
        ipAddress
        metadata
        createdAt
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
`,
      variables: '{\n  "from": "2026-01-01T00:00:00Z",\n  "to": "2026-01-02T00:00:00Z"\n}\n',
    },
  ],
};
