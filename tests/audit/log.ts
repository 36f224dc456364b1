import { expect } from 'vitest';
import type { Answer, Client } from '../support/client.ts';

interface LoggedEvent {
  readonly id: string;
  readonly action: string;
  readonly actor: {
    readonly type: string;
    readonly id: string | null;
    readonly label: string;
    readonly user: { readonly id: string; readonly email: string | null } | null;
  };
  readonly subject: { readonly id: string; readonly email: string | null } | null;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly createdAt: string;
}

export interface Log {
  readonly auditEvents: {
    readonly edges: readonly { readonly cursor: string; readonly node: LoggedEvent }[];
    readonly pageInfo: {
      readonly hasNextPage: boolean;
      readonly hasPreviousPage: boolean;
      readonly startCursor: string | null;
      readonly endCursor: string | null;
    };
  };
}

const declared = {
  first: 'Int',
  after: 'String',
  last: 'Int',
  before: 'String',
  action: 'String',
  actorId: 'ID',
  subjectId: 'ID',
  from: 'DateTime',
  to: 'DateTime',
} as const;

export type LogArguments = Partial<Record<keyof typeof declared, string | number | null>>;

const variables = Object.entries(declared).map(([name, type]) => `$${name}: ${type}`);
const passed = Object.keys(declared).map((name) => `${name}: $${name}`);

const query = `query (${variables.join(', ')}) {
  auditEvents(${passed.join(', ')}) {
    edges {
      cursor
      node {
        id action ipAddress userAgent metadata createdAt
        actor { type id label user { id email } }
        subject { id email }
      }
    }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`;

export function askLog(client: Client, given: LogArguments = {}): Promise<Answer<Log>> {
  return client.graphql<Log>(query, given);
}

/** A stretch of the log, which must be answered. */
export async function readLog(client: Client, given: LogArguments = {}) {
  const { data, errors } = await askLog(client, given);
  expect(errors).toEqual([]);
  const { edges, pageInfo } = data.auditEvents;
  return { edges, pageInfo, events: edges.map(({ node }) => node) };
}
