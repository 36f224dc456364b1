import type { Agreement } from './agreement.ts';

/** The audit log. */
export const audit: Agreement = {
  Query: {
    auditEvents: {
      access: '@auth(requires: ADMIN, scope: AUDIT_READ)',
      args: [
        'first: Int',
        'after: String',
        'last: Int',
        'before: String',
        'action: String',
        'actorId: ID',
        'subjectId: ID',
        'from: DateTime',
        'to: DateTime',
      ],
      type: 'AuditEventConnection!',
    },
  },
  types: {
    AuditEvent: [
      'id: ID!',
      'action: String!',
      'actor: AuditActor!',
      'subject: User',
      'ipAddress: String',
      'userAgent: String',
      'metadata: JSONObject!',
      'createdAt: DateTime!',
    ],
    AuditActor: ['type: AuditActorType!', 'id: ID', 'label: String!', 'user: User'],
    AuditEventConnection: ['edges: [AuditEventEdge!]!', 'pageInfo: PageInfo!'],
    AuditEventEdge: ['cursor: String!', 'node: AuditEvent!'],
  },
  enums: {
    AuditActorType: ['ANONYMOUS', 'USER', 'KEY', 'SYSTEM'],
  },
};
