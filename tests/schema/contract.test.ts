import {
  Kind,
  isEnumType,
  isInputObjectType,
  isObjectType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
} from 'graphql';
import { describe, expect, test } from 'vitest';
import { createSchema } from '../../src/schema.ts';

// The names clients rely on. Nothing here may change or go; types and arguments may be added to.
const schema = createSchema();

const operations = {
  Query: {
    me: { type: 'User' },
    user: { args: ['id: ID!'], type: 'User' },
    users: {
      args: [
        'page: Int = 1',
        'pageSize: Int = 10',
        'role: String',
        'search: String',
        'isActive: Boolean',
        'confirmed: Boolean',
        'sort: UserSort',
      ],
      type: 'UserPage!',
    },
    roles: { type: '[Role!]!' },
    mails: {
      args: ['state: MailState', 'page: Int = 1', 'pageSize: Int = 10'],
      type: 'MailPage!',
    },
    currentSession: { type: 'Session' },
    mySessions: { type: '[Session!]!' },
    introspect: {
      args: ['token: String!', 'ipAddress: String', 'userAgent: String'],
      type: 'Introspection!',
    },
    verifySessionFingerprint: {
      args: ['token: String!', 'ipAddress: String', 'userAgent: String'],
      type: 'FingerprintCheck!',
    },
    validateRegistration: { args: ['input: RegisterInput!'], type: 'Validation!' },
    validatePassword: { args: ['input: ChangePasswordInput!'], type: 'Validation!' },
    validateProfile: { args: ['input: ProfileInput!'], type: 'Validation!' },
    passwordReset: { args: ['token: String!'], type: 'PasswordReset' },
    validateEmail: { args: ['email: String!'], type: 'Validation!' },
    validateEmailChange: {
      args: ['currentPassword: String!', 'email: String!'],
      type: 'Validation!',
    },
  },
  Mutation: {
    register: { args: ['input: RegisterInput!'], type: 'RegisterPayload!' },
    requestEmailConfirmation: { args: ['email: String!'], type: 'EmptyPayload!' },
    confirmEmail: { args: ['token: String!'], type: 'UserPayload!' },
    requestEmailChange: {
      args: ['currentPassword: String!', 'email: String!'],
      type: 'EmptyPayload!',
    },
    confirmEmailChange: { args: ['token: String!'], type: 'UserPayload!' },
    login: { args: ['input: LoginInput!'], type: 'LoginPayload!' },
    verifyCredentials: {
      args: ['email: String!', 'password: String!', 'ipAddress: String'],
      type: 'UserPayload!',
    },
    createSession: {
      args: ['userId: ID!', 'ipAddress: String', 'userAgent: String'],
      type: 'LoginPayload!',
    },
    logout: { type: 'EmptyPayload!' },
    logoutEverywhere: { args: ['exceptCurrent: Boolean = false'], type: 'SessionsRevokedPayload!' },
    revokeSession: { args: ['id: ID!'], type: 'EmptyPayload!' },
    requestPasswordReset: { args: ['email: String!'], type: 'EmptyPayload!' },
    resetPassword: {
      args: ['token: String!', 'password: String!', 'passwordConfirmation: String'],
      type: 'UserPayload!',
    },
    changePassword: { args: ['input: ChangePasswordInput!'], type: 'LoginPayload!' },
    updateProfile: { args: ['input: ProfileInput!'], type: 'UserPayload!' },
    updateLocalePreference: { args: ['locale: String'], type: 'UserPayload!' },
    retryMail: { args: ['id: ID!'], type: 'MailPayload!' },
    assignRole: { args: ['userId: ID!', 'role: String!'], type: 'RoleAssignmentPayload!' },
    removeRole: { args: ['userId: ID!', 'role: String!'], type: 'UserPayload!' },
    promoteToAdmin: { args: ['userId: ID!'], type: 'RoleAssignmentPayload!' },
    demoteToUser: { args: ['userId: ID!'], type: 'UserPayload!' },
    transferOwnership: {
      args: ['userId: ID!', 'currentPassword: String!', 'keepOwn: Boolean = false'],
      type: 'UserPayload!',
    },
  },
} as const;

const access: Readonly<Record<string, string>> = {
  me: '@public',
  validateRegistration: '@public',
  validatePassword: '@auth(requires: USER)',
  validateProfile: '@auth(requires: USER)',
  passwordReset: '@public',
  validateEmail: '@auth(requires: USER)',
  validateEmailChange: '@auth(requires: USER)',
  user: '@auth(requires: USER)',
  users: '@auth(requires: ADMIN)',
  roles: '@auth(requires: USER)',
  mails: '@auth(requires: ADMIN)',
  currentSession: '@auth(requires: USER)',
  mySessions: '@auth(requires: USER)',
  introspect: '@auth(requires: KEY, scope: TOKENS_READ)',
  verifySessionFingerprint: '@auth(requires: KEY, scope: TOKENS_READ)',
  register: '@public',
  requestEmailConfirmation: '@public',
  confirmEmail: '@public',
  requestEmailChange: '@auth(requires: USER)',
  confirmEmailChange: '@public',
  login: '@public',
  verifyCredentials: '@auth(requires: KEY, scope: CREDENTIALS_VERIFY)',
  createSession: '@auth(requires: KEY, scope: SESSIONS_WRITE)',
  logout: '@auth(requires: USER)',
  logoutEverywhere: '@auth(requires: USER)',
  revokeSession: '@auth(requires: USER)',
  requestPasswordReset: '@public',
  resetPassword: '@public',
  changePassword: '@auth(requires: USER)',
  updateProfile: '@auth(requires: USER)',
  updateLocalePreference: '@auth(requires: USER)',
  retryMail: '@auth(requires: ADMIN)',
  assignRole: '@auth(requires: ADMIN)',
  removeRole: '@auth(requires: ADMIN)',
  promoteToAdmin: '@auth(requires: OWNER)',
  demoteToUser: '@auth(requires: OWNER)',
  transferOwnership: '@auth(requires: OWNER)',
};

const types: Readonly<Record<string, readonly string[]>> = {
  User: [
    'id: ID!',
    'email: String',
    'username: String',
    'firstName: String',
    'lastName: String',
    'displayName: String!',
    'isActive: Boolean',
    'confirmedAt: DateTime',
    'timezone: String',
    'preferredLocale: String',
    'roles: [Role!]!',
    'roleNames: [String!]!',
    'hasRole: Boolean!',
    'registration: Registration',
    'lastSignInAt: DateTime',
    'createdAt: DateTime!',
    'updatedAt: DateTime!',
  ],
  Registration: ['ipAddress: String'],
  Role: ['id: ID!', 'name: String!', 'description: String', 'isSystem: Boolean!'],
  RoleAssignment: ['user: User', 'role: Role', 'assignedBy: User', 'assignedAt: DateTime!'],
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
  PasswordReset: ['maskedEmail: String!', 'expiresAt: DateTime!'],
  UserPage: [
    'nodes: [User!]!',
    'totalCount: Int!',
    'totalPages: Int!',
    'page: Int!',
    'pageSize: Int!',
  ],
  Mail: [
    'id: ID!',
    'kind: MailKind!',
    'recipient: String!',
    'state: MailState!',
    'attempts: Int!',
    'lastError: String',
    'createdAt: DateTime!',
    'finishedAt: DateTime',
    'user: User',
  ],
  MailPage: [
    'nodes: [Mail!]!',
    'totalCount: Int!',
    'totalPages: Int!',
    'page: Int!',
    'pageSize: Int!',
  ],
  Validation: ['valid: Boolean!', 'errors: [UserError!]!'],
  UserError: ['code: ErrorCode!', 'field: String', 'message: String!'],
  RegisterPayload: ['user: User', 'token: String', 'expiresAt: DateTime', 'errors: [UserError!]!'],
  LoginPayload: ['user: User', 'token: String', 'expiresAt: DateTime', 'errors: [UserError!]!'],
  MailPayload: ['mail: Mail', 'errors: [UserError!]!'],
  UserPayload: ['user: User', 'errors: [UserError!]!'],
  RoleAssignmentPayload: ['roleAssignment: RoleAssignment', 'errors: [UserError!]!'],
  SessionsRevokedPayload: ['count: Int', 'errors: [UserError!]!'],
  EmptyPayload: ['errors: [UserError!]!'],
  RegisterInput: [
    'email: String!',
    'password: String!',
    'passwordConfirmation: String',
    'username: String',
    'firstName: String',
    'lastName: String',
    'signIn: Boolean = false',
  ],
  ChangePasswordInput: [
    'currentPassword: String!',
    'password: String!',
    'passwordConfirmation: String',
    'remember: Boolean = true',
  ],
  ProfileInput: ['username: String', 'firstName: String', 'lastName: String', 'timezone: String'],
  LoginInput: [
    'email: String!',
    'password: String!',
    'delivery: SessionDelivery = "TOKEN"',
    'remember: Boolean = true',
  ],
};

const enums: Readonly<Record<string, readonly string[]>> = {
  SessionDelivery: ['TOKEN', 'COOKIE'],
  MailState: ['QUEUED', 'SENT', 'FAILED'],
  MailKind: [
    'CONFIRM',
    'RESET_PASSWORD',
    'CHANGE_EMAIL',
    'PASSWORD_CHANGED',
    'EMAIL_CHANGED',
    'ACCOUNT_EXISTS',
    'NEW_DEVICE',
  ],
  Rank: ['USER', 'ADMIN', 'OWNER'],
  FingerprintStatus: ['OK', 'WARNING', 'MISMATCH', 'TOKEN_NOT_FOUND'],
  FingerprintReason: ['IP_MISMATCH', 'USER_AGENT_MISMATCH', 'FINGERPRINT_MISMATCH'],
  ErrorCode: (
    'REQUIRED INVALID TOO_SHORT TOO_LONG TAKEN UNCHANGED MISMATCH INVALID_CREDENTIALS ' +
    'ACCOUNT_INACTIVE INVALID_TOKEN ALREADY_CONFIRMED NOT_FOUND ROLE_NOT_FOUND ' +
    'OWNER_ROLE_PROTECTED ASSIGNMENT_NOT_FOUND CANNOT_REMOVE_LAST_OWNER ' +
    'CANNOT_DEACTIVATE_LAST_OWNER NO_ROLE_TO_DEMOTE SYSTEM_ROLE_PROTECTED ROLE_IN_USE ' +
    'INSUFFICIENT_PERMISSIONS UNSUPPORTED_FILE FILE_TOO_LARGE FINGERPRINT_MISMATCH UNKNOWN_FIELD'
  ).split(' '),
};

/** `name: Type = default`, as SDL has it. */
function signature(part: GraphQLArgument | GraphQLInputField | GraphQLField<unknown, unknown>) {
  const value: unknown = 'defaultValue' in part ? part.defaultValue : undefined;
  const suffix = value === undefined ? '' : ` = ${JSON.stringify(value)}`;
  return `${part.name}: ${String(part.type)}${suffix}`;
}

function fieldsOf(typeName: string) {
  const type = schema.getType(typeName);
  if (!isObjectType(type) && !isInputObjectType(type)) throw new Error(`${typeName} is missing.`);
  return Object.values<GraphQLField<unknown, unknown> | GraphQLInputField>(type.getFields());
}

describe.each(['Query', 'Mutation'] as const)('%s', (root) => {
  const wanted: Record<string, { args?: readonly string[]; type: string }> = operations[root];

  test.each(Object.entries(wanted))('has %s as agreed', (name, { args = [], type }) => {
    const field = fieldsOf(root).find((one) => one.name === name);
    expect(String(field?.type)).toBe(type);
    const given = (field !== undefined && 'args' in field ? field.args : []).map((arg) =>
      // What `sort` defaults to is ours to choose.
      arg.name === 'sort' ? `${arg.name}: ${String(arg.type)}` : signature(arg),
    );
    expect([...given].sort()).toEqual([...args].sort());
  });

  test('has nothing whose access was not decided here', () => {
    const said = fieldsOf(root).map(({ name, astNode }) => [
      name,
      (astNode?.directives ?? [])
        .map(({ name: { value }, arguments: given = [] }) => {
          const told = given.flatMap(({ name, value: said }) =>
            said.kind === Kind.ENUM ? [`${name.value}: ${said.value}`] : [],
          );
          return value === 'auth' ? `@auth(${told.join(', ')})` : `@${value}`;
        })
        .filter((directive) => directive !== '@rateLimit')
        .join(' '),
    ]);
    const decided = Object.keys(operations[root]).map((name) => [name, access[name]]);
    expect(said.sort()).toEqual(decided.sort());
  });
});

test.each(Object.entries(types))('%s has the agreed fields', (typeName, wanted) => {
  expect(fieldsOf(typeName).map(signature)).toEqual(expect.arrayContaining([...wanted]));
});

test.each(Object.entries(enums))('%s has the agreed values', (typeName, wanted) => {
  const type = schema.getType(typeName);
  const values = isEnumType(type) ? type.getValues().map((value) => value.name) : [];
  expect(values).toEqual(expect.arrayContaining([...wanted]));
});

test('no type of the schema holds a password or the hash of a token', () => {
  const fields = Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter(({ name }) => !(name in operations))
    .flatMap((type) => Object.keys(type.getFields()));
  expect(fields.filter((name) => /password|hash|secret/i.test(name))).toEqual([]);
});
