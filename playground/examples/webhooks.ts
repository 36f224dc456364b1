import { errors, type ExampleGroup } from './example.ts';

export const webhooks: ExampleGroup = {
  title: 'Webhooks',
  examples: [
    {
      task: 'Tell another server',
      query: `# The secret comes once: what verifies the signatures keeps it.
mutation TellServer($url: String!) {
  createWebhook(url: $url, events: [USER_CREATED, USER_DELETED]) {
    webhook {
      id
      url
      events
    }
    secret
    ${errors}
  }
}
`,
      variables: '{\n  "url": "https://example.com/hooks/users"\n}\n',
    },
    {
      task: 'All webhooks',
      query: `# Whom Gatehouse tells what happens to users.
query Webhooks {
  webhooks {
    id
    url
    events
    enabled
    disabledReason
  }
}
`,
    },
  ],
};
