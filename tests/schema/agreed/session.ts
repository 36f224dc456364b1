import type { Agreement } from './agreement.ts';

/** Signing in, sessions, and what servers ask about them. */
export const session: Agreement = {
  Query: {
    userTokens: { access: '@auth(requires: ADMIN)', args: ['userId: ID!'], type: '[UserToken!]!' },
    me: {
      access: '@public',
      type: 'User',
    },
    currentSession: {
      access: '@auth(requires: USER)',
      type: 'Session',
    },
    mySessions: {
      access: '@auth(requires: USER)',
      type: '[Session!]!',
    },
    introspect: {
      access: '@auth(requires: KEY, scope: TOKENS_READ)',
      args: ['token: String!', 'ipAddress: String', 'userAgent: String'],
      type: 'Introspection!',
    },
    verifySessionFingerprint: {
      access: '@auth(requires: KEY, scope: TOKENS_READ)',
      args: ['token: String!', 'ipAddress: String', 'userAgent: String'],
      type: 'FingerprintCheck!',
    },
  },
  Mutation: {
    revokeUserSessions: {
      access: '@auth(requires: ADMIN, scope: SESSIONS_WRITE)',
      args: ['userId: ID!'],
      type: 'SessionsRevokedPayload!',
    },
    revokeToken: { access: '@auth(requires: ADMIN)', args: ['id: ID!'], type: 'EmptyPayload!' },
    login: {
      access: '@public',
      args: ['input: LoginInput!'],
      type: 'LoginPayload!',
    },
    verifyCredentials: {
      access: '@auth(requires: KEY, scope: CREDENTIALS_VERIFY)',
      args: ['email: String!', 'password: String!', 'ipAddress: String'],
      type: 'UserPayload!',
    },
    createSession: {
      access: '@auth(requires: KEY, scope: SESSIONS_WRITE)',
      args: ['userId: ID!', 'ipAddress: String', 'userAgent: String'],
      type: 'LoginPayload!',
    },
    createAccessToken: {
      access: '@auth(requires: USER, scope: SESSIONS_WRITE)',
      args: ['userId: ID'],
      type: 'AccessTokenPayload!',
    },
    logout: {
      access: '@auth(requires: USER)',
      type: 'EmptyPayload!',
    },
    logoutEverywhere: {
      access: '@auth(requires: USER)',
      args: ['exceptCurrent: Boolean = false'],
      type: 'SessionsRevokedPayload!',
    },
    revokeSession: {
      access: '@auth(requires: USER)',
      args: ['id: ID!'],
      type: 'EmptyPayload!',
    },
  },
  types: {
    User: ['sessions: [Session!]!'],
    UserToken: [
      'id: ID!',
      'context: TokenContext!',
      'sentTo: String!',
      'createdAt: DateTime!',
      'expiresAt: DateTime!',
    ],
    Session: [
      'id: ID!',
      'createdAt: DateTime!',
      'lastSeenAt: DateTime!',
      'expiresAt: DateTime!',
      'ipAddress: String',
      'userAgent: String',
      'browser: String',
      'os: String',
      'isCurrent: Boolean!',
    ],
    Introspection: [
      'active: Boolean!',
      'user: User',
      'session: Session',
      'roles: [Role!]',
      'expiresAt: DateTime',
      'fingerprint: FingerprintCheck',
    ],
    FingerprintCheck: ['status: FingerprintStatus!', 'reason: FingerprintReason'],
    LoginInput: [
      'email: String!',
      'password: String!',
      'delivery: SessionDelivery = "TOKEN"',
      'remember: Boolean = true',
    ],
    LoginPayload: ['user: User', 'token: String', 'expiresAt: DateTime', 'errors: [UserError!]!'],
    AccessTokenPayload: ['accessToken: String', 'expiresAt: DateTime', 'errors: [UserError!]!'],
    SessionsRevokedPayload: ['count: Int', 'errors: [UserError!]!'],
  },
  enums: {
    TokenContext: ['CONFIRM', 'RESET_PASSWORD', 'CHANGE_EMAIL'],
    SessionDelivery: ['TOKEN', 'COOKIE'],
    FingerprintStatus: ['OK', 'WARNING', 'MISMATCH', 'TOKEN_NOT_FOUND'],
    FingerprintReason: ['IP_MISMATCH', 'USER_AGENT_MISMATCH', 'FINGERPRINT_MISMATCH'],
  },
};
