export type Maybe<T> = T | null;
export type InputMaybe<T> = Maybe<T>;
export type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
export type MakeOptional<T, K extends keyof T> = Omit<T, K> & { [SubKey in K]?: Maybe<T[SubKey]> };
export type MakeMaybe<T, K extends keyof T> = Omit<T, K> & { [SubKey in K]: Maybe<T[SubKey]> };
export type MakeEmpty<T extends { [key: string]: unknown }, K extends keyof T> = { [_ in K]?: never };
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /** A date-time string at UTC, such as 2007-12-03T10:15:30Z, compliant with the `date-time` format outlined in section 5.6 of the RFC 3339 profile of the ISO 8601 standard for representation of dates and times using the Gregorian calendar. */
  DateTime: { input: string; output: string; }
  /** The `JSON` scalar type represents JSON values as specified by [ECMA-404](http://www.ecma-international.org/publications/files/ECMA-ST/ECMA-404.pdf). */
  JSON: { input: unknown; output: unknown; }
  /** The `JSONObject` scalar type represents JSON objects as specified by [ECMA-404](http://www.ecma-international.org/publications/files/ECMA-ST/ECMA-404.pdf). */
  JSONObject: { input: Record<string, unknown>; output: Record<string, unknown>; }
  /** A file, which comes beside the operation in a multipart request. */
  Upload: { input: Blob; output: Blob; }
};

/** What kind of caller did something. */
export type AuditActorType =
  /** Somebody who was not signed in. */
  | 'ANONYMOUS'
  /** A server with an API key. */
  | 'KEY'
  /** Gatehouse itself: its scheduled work and its command line. */
  | 'SYSTEM'
  /** A user who was signed in. */
  | 'USER';

/** The current password of the caller, and the one to have instead. */
export type ChangePasswordInput = {
  /** The password until now. */
  currentPassword: Scalars['String']['input'];
  /** At least 8 characters, at most 72 bytes. */
  password: Scalars['String']['input'];
  /** The new password again; optional. */
  passwordConfirmation?: InputMaybe<Scalars['String']['input']>;
  /** Whether a cookie outlives the browser, for callers who signed in by cookie. */
  remember?: InputMaybe<Scalars['Boolean']['input']>;
};

/** An account for somebody else. */
export type CreateUserInput = {
  /** Whether the address is known to be theirs. */
  confirmed?: InputMaybe<Scalars['Boolean']['input']>;
  /** Custom fields. What is required must be among them; what is left out has its default. */
  customFields?: InputMaybe<Scalars['JSONObject']['input']>;
  /** The e-mail address, at most 160 characters. */
  email: Scalars['String']['input'];
  /** Given name, at most 100 characters. */
  firstName?: InputMaybe<Scalars['String']['input']>;
  /** Family name, at most 100 characters. */
  lastName?: InputMaybe<Scalars['String']['input']>;
  /** A BCP 47 tag such as `en-GB`: the language in which the user is written to. */
  locale?: InputMaybe<Scalars['String']['input']>;
  /** At least 8 characters, at most 72 bytes. Without one the user chooses one by a mailed link, see `requestPasswordReset`, and cannot sign in before. */
  password?: InputMaybe<Scalars['String']['input']>;
  /** Names of roles to give beside the default one, a hundred at most and never Owner. Only Owners give Admin; API keys need the scope `ROLES_WRITE`. */
  roles?: InputMaybe<Array<Scalars['String']['input']>>;
  /** Whether to mail a link that confirms the address, unless it is confirmed. */
  sendConfirmation?: InputMaybe<Scalars['Boolean']['input']>;
  /** An IANA zone such as `Europe/Berlin`, or an offset: `+05:30`, `5.5`, `-3`. */
  timezone?: InputMaybe<Scalars['String']['input']>;
  /** Three to thirty letters, digits and `_`; derived from the address when absent. */
  username?: InputMaybe<Scalars['String']['input']>;
};

/** What a custom field holds, and how a form shows it. */
export type CustomFieldType =
  /** True or false. */
  | 'BOOLEAN'
  /** A list of some of the options. */
  | 'CHECKBOX'
  /** A day, such as `2026-02-28`. */
  | 'DATE'
  /** An e-mail address. */
  | 'EMAIL'
  /** A number. */
  | 'NUMBER'
  /** One of the options, all of them in sight. */
  | 'RADIO'
  /** One of the options, chosen from a list. */
  | 'SELECT'
  /** One line of text. */
  | 'TEXT'
  /** Text of several lines. */
  | 'TEXTAREA'
  /** An address that begins with `http://` or `https://`. */
  | 'URL';

/** What values are held against. What is absent stays as it is; null takes it away. */
export type CustomFieldValidationInput = {
  /** The greatest number, or the most characters of a text. */
  max?: InputMaybe<Scalars['Float']['input']>;
  /** The least number, or the fewest characters of a text. */
  min?: InputMaybe<Scalars['Float']['input']>;
  /** A regular expression in the syntax of RE2, of at most 500 characters, that is to be found in a text; with `^` and `$` it is the whole text. */
  pattern?: InputMaybe<Scalars['String']['input']>;
};

/** A custom field to be. */
export type DefineCustomFieldInput = {
  /** What every new user has. */
  defaultValue?: InputMaybe<Scalars['JSON']['input']>;
  /** Whether it is in use. */
  enabled?: InputMaybe<Scalars['Boolean']['input']>;
  /** A lower-case letter, then lower-case letters, digits and `_`; at most 50. */
  key: Scalars['String']['input'];
  /** Its name for people; else the key. */
  label?: InputMaybe<Scalars['String']['input']>;
  /** What may be chosen, for `SELECT`, `RADIO` and `CHECKBOX`. */
  options?: InputMaybe<Array<Scalars['String']['input']>>;
  /** Whether it can be neither removed nor blank. */
  required?: InputMaybe<Scalars['Boolean']['input']>;
  /** What it holds. */
  type: CustomFieldType;
  /** Whether users may write it for themselves. */
  userEditable?: InputMaybe<Scalars['Boolean']['input']>;
  /** What values are held against. */
  validation?: InputMaybe<CustomFieldValidationInput>;
};

/** Why an operation changed nothing. */
export type ErrorCode =
  /** The account has been deactivated. */
  | 'ACCOUNT_INACTIVE'
  /** The address is confirmed already. */
  | 'ALREADY_CONFIRMED'
  /** The user does not hold the role. */
  | 'ASSIGNMENT_NOT_FOUND'
  /** It would leave no active Owner. */
  | 'CANNOT_DEACTIVATE_LAST_OWNER'
  /** It would leave no active Owner. */
  | 'CANNOT_REMOVE_LAST_OWNER'
  /** The file is larger than accepted. */
  | 'FILE_TOO_LARGE'
  /** The session is being used from somewhere else. */
  | 'FINGERPRINT_MISMATCH'
  /** It is above your rank, or about yourself. */
  | 'INSUFFICIENT_PERMISSIONS'
  /** The value does not have the form it must have. */
  | 'INVALID'
  /** Account and password do not go together. */
  | 'INVALID_CREDENTIALS'
  /** The token is wrong, used, expired or meant for another. */
  | 'INVALID_TOKEN'
  /** The repetition differs. */
  | 'MISMATCH'
  /** There is no such thing, or it is not yours to see. */
  | 'NOT_FOUND'
  /** The user is neither Owner nor Admin. */
  | 'NO_ROLE_TO_DEMOTE'
  /** Ownership is transferred, not assigned. */
  | 'OWNER_ROLE_PROTECTED'
  /** A value is missing or blank. */
  | 'REQUIRED'
  /** Somebody holds the role. */
  | 'ROLE_IN_USE'
  /** There is no role of that name. */
  | 'ROLE_NOT_FOUND'
  /** Owner, Admin and User cannot be changed. */
  | 'SYSTEM_ROLE_PROTECTED'
  /** The value belongs to someone else already. */
  | 'TAKEN'
  /** The password is too well known: others would try it early. */
  | 'TOO_COMMON'
  /** The text has too many characters or bytes. */
  | 'TOO_LONG'
  /** The text has too few characters. */
  | 'TOO_SHORT'
  /** The value is the one already stored. */
  | 'UNCHANGED'
  /** There is no such field. */
  | 'UNKNOWN_FIELD'
  /** The file is of no kind that is accepted. */
  | 'UNSUPPORTED_FILE';

/** What differs. */
export type FingerprintReason =
  /** Both. */
  | 'FINGERPRINT_MISMATCH'
  /** The address. */
  | 'IP_MISMATCH'
  /** The user agent. */
  | 'USER_AGENT_MISMATCH';

/** How the device a session is used on compares with the one it was opened on. */
export type FingerprintStatus =
  /** Both differ: the token may have been carried off. */
  | 'MISMATCH'
  /** Alike, as far as both are known. */
  | 'OK'
  /** The token is of no live session of an active user. */
  | 'TOKEN_NOT_FOUND'
  /** The address or the user agent differs. */
  | 'WARNING';

/** How far the variants of a picture are. */
export type ImageStatus =
  /** They could not be made; their addresses serve the original. */
  | 'FAILED'
  /** They are being made; their addresses serve the original. */
  | 'PROCESSING'
  /** All of them are there. */
  | 'READY';

/** A size of a picture. All but the original are square, WebP, and never enlarged. */
export type ImageVariant =
  /** 800 × 800 pixels at most. */
  | 'LARGE'
  /** 400 × 400 pixels at most. */
  | 'MEDIUM'
  /** As it was uploaded, but upright and without metadata. */
  | 'ORIGINAL'
  /** 200 × 200 pixels at most. */
  | 'SMALL'
  /** 100 × 100 pixels at most. */
  | 'THUMBNAIL';

/** Who signs in, and how the session is delivered. */
export type LoginInput = {
  /** How the session is delivered. */
  delivery?: InputMaybe<SessionDelivery>;
  /** The e-mail address or the username. */
  email: Scalars['String']['input'];
  /** The password. */
  password: Scalars['String']['input'];
  /** Whether a cookie outlives the browser. Tokens are the client’s to keep. */
  remember?: InputMaybe<Scalars['Boolean']['input']>;
};

/** What a mail is about. */
export type MailKind =
  /** Says that someone registered an address in use. */
  | 'ACCOUNT_EXISTS'
  /** Proves a new address. */
  | 'CHANGE_EMAIL'
  /** Proves the address of a new account. */
  | 'CONFIRM'
  /** Says to the old address that there is a new one. */
  | 'EMAIL_CHANGED'
  /** Says that someone signed in from a new device. */
  | 'NEW_DEVICE'
  /** Says that the password was changed. */
  | 'PASSWORD_CHANGED'
  /** Leads to a new password. */
  | 'RESET_PASSWORD';

/** How far a mail has come. */
export type MailState =
  /** Given up: refused for good, or tried too often. */
  | 'FAILED'
  /** Waits to be sent, for the first time or once more. */
  | 'QUEUED'
  /** The provider took it. */
  | 'SENT';

/** A profile. What is absent stays as it is; null or blank clears it. */
export type ProfileInput = {
  /** Given name, at most 100 characters. */
  firstName?: InputMaybe<Scalars['String']['input']>;
  /** Family name, at most 100 characters. */
  lastName?: InputMaybe<Scalars['String']['input']>;
  /** An IANA zone such as `Europe/Berlin`, or an offset: `+05:30`, `5.5`, `-3`. */
  timezone?: InputMaybe<Scalars['String']['input']>;
  /** Three to thirty letters, digits and `_`. Without one, the address signs in. */
  username?: InputMaybe<Scalars['String']['input']>;
};

/** What a caller must be. */
export type Rank =
  /** Admins and Owners. */
  | 'ADMIN'
  /** API keys, and no user. */
  | 'KEY'
  /** Owners. */
  | 'OWNER'
  /** Any signed-in user whose account is active. */
  | 'USER';

/** A limit. Its numbers are the environment variable `RATE_LIMIT_<NAME>`. */
export type RateLimitName =
  /** Set by `RATE_LIMIT_AVATAR_USER`. */
  | 'AVATAR_USER'
  /** Set by `RATE_LIMIT_LOGIN`. */
  | 'LOGIN'
  /** Set by `RATE_LIMIT_LOGIN_ACCOUNT`. */
  | 'LOGIN_ACCOUNT'
  /** Set by `RATE_LIMIT_LOGIN_NETWORK`. */
  | 'LOGIN_NETWORK'
  /** Set by `RATE_LIMIT_MAIL_EMAIL`. */
  | 'MAIL_EMAIL'
  /** Set by `RATE_LIMIT_MAIL_NETWORK`. */
  | 'MAIL_NETWORK'
  /** Set by `RATE_LIMIT_PASSWORD_USER`. */
  | 'PASSWORD_USER'
  /** Set by `RATE_LIMIT_REGISTER_EMAIL`. */
  | 'REGISTER_EMAIL'
  /** Set by `RATE_LIMIT_REGISTER_NETWORK`. */
  | 'REGISTER_NETWORK'
  /** Set by `RATE_LIMIT_REQUESTS`. */
  | 'REQUESTS'
  /** Set by `RATE_LIMIT_TOKEN_NETWORK`. */
  | 'TOKEN_NETWORK'
  /** Set by `RATE_LIMIT_VALIDATE_NETWORK`. */
  | 'VALIDATE_NETWORK';

/** A new account. */
export type RegisterInput = {
  /** How the session is delivered, with `signIn`. */
  delivery?: InputMaybe<SessionDelivery>;
  /** The e-mail address, at most 160 characters. */
  email: Scalars['String']['input'];
  /** Given name, at most 100 characters. */
  firstName?: InputMaybe<Scalars['String']['input']>;
  /** Family name, at most 100 characters. */
  lastName?: InputMaybe<Scalars['String']['input']>;
  /** At least 8 characters, at most 72 bytes. */
  password: Scalars['String']['input'];
  /** The password again; optional. */
  passwordConfirmation?: InputMaybe<Scalars['String']['input']>;
  /** Whether a cookie outlives the browser, with `signIn`. */
  remember?: InputMaybe<Scalars['Boolean']['input']>;
  /** Whether to sign in at once. */
  signIn?: InputMaybe<Scalars['Boolean']['input']>;
  /** Three to thirty letters, digits and `_`; derived from the address when absent. */
  username?: InputMaybe<Scalars['String']['input']>;
};

/** What an API key may be allowed to do. */
export type Scope =
  /** Read the audit log. */
  | 'AUDIT_READ'
  /** Check the credentials of users without signing them in. */
  | 'CREDENTIALS_VERIFY'
  /** Give roles to anyone and take them away. */
  | 'ROLES_WRITE'
  /** Open and end sessions of users. */
  | 'SESSIONS_WRITE'
  /** Ask whose a session token is and whether it is good. */
  | 'TOKENS_READ'
  /** Read about users, their roles and their fields. */
  | 'USERS_READ'
  /** Make, change, deactivate and delete ordinary users. */
  | 'USERS_WRITE';

/** How a new session reaches the client. */
export type SessionDelivery =
  /** In a cookie that scripts cannot read, and not in the payload. */
  | 'COOKIE'
  /** In the payload, to be sent as `Authorization: Bearer …`. */
  | 'TOKEN';

/** What a mailed token is good for. */
export type TokenContext =
  /** To change to the address it was sent to. */
  | 'CHANGE_EMAIL'
  /** To confirm the address. */
  | 'CONFIRM'
  /** To choose a new password. */
  | 'RESET_PASSWORD';

/** A change of a custom field. What is absent stays as it is. */
export type UpdateCustomFieldInput = {
  /** What every new user has. */
  defaultValue?: InputMaybe<Scalars['JSON']['input']>;
  /** Whether it is in use. */
  enabled?: InputMaybe<Scalars['Boolean']['input']>;
  /** Its name for people. */
  label?: InputMaybe<Scalars['String']['input']>;
  /** What may be chosen, for `SELECT`, `RADIO` and `CHECKBOX`. */
  options?: InputMaybe<Array<Scalars['String']['input']>>;
  /** Whether it can be neither removed nor blank. */
  required?: InputMaybe<Scalars['Boolean']['input']>;
  /** What it holds. */
  type?: InputMaybe<CustomFieldType>;
  /** Whether users may write it for themselves. */
  userEditable?: InputMaybe<Scalars['Boolean']['input']>;
  /** What values are held against; null takes all of it away. */
  validation?: InputMaybe<CustomFieldValidationInput>;
};

/** The order of a list of users. The id breaks ties. */
export type UserSort =
  /** Oldest first. */
  | 'CREATED_AT_ASC'
  /** Newest first. */
  | 'CREATED_AT_DESC'
  /** By address, from A to Z. */
  | 'EMAIL_ASC'
  /** By address, from Z to A. */
  | 'EMAIL_DESC';

/** How far a delivery has come. */
export type WebhookDeliveryState =
  /** The receiver answered with a status of 200 to 299. */
  | 'DELIVERED'
  /** Given up: tried too often, or the receiver is gone. */
  | 'FAILED'
  /** Waits to be posted, for the first time or once more. */
  | 'PENDING';

/** What a webhook is told of. */
export type WebhookEvent =
  /** The account may be used again: `user.activated`. */
  | 'USER_ACTIVATED'
  /** The address was confirmed: `user.confirmed`. */
  | 'USER_CONFIRMED'
  /** An account was made: `user.created`. */
  | 'USER_CREATED'
  /** The account may not be used: `user.deactivated`. */
  | 'USER_DEACTIVATED'
  /** The account is gone: `user.deleted`. */
  | 'USER_DELETED'
  /** There is another password: `user.password_changed`. */
  | 'USER_PASSWORD_CHANGED'
  /** A role was given or taken away: `user.role_changed`. */
  | 'USER_ROLE_CHANGED'
  /** The user signed in: `user.signed_in`. */
  | 'USER_SIGNED_IN'
  /** Profile, custom fields, picture or address changed: `user.updated`. */
  | 'USER_UPDATED';

export type RegisterMutationVariables = Exact<{
  input: RegisterInput;
}>;


export type RegisterMutation = { register: { token: string | null, expiresAt: string | null, user: { id: string, email: string | null, username: string | null, roleNames: Array<string>, confirmedAt: string | null } | null, errors: Array<{ code: ErrorCode, field: string | null, message: string }> } };

export type ValidateRegistrationQueryVariables = Exact<{
  input: RegisterInput;
}>;


export type ValidateRegistrationQuery = { validateRegistration: { valid: boolean, errors: Array<{ code: ErrorCode, field: string | null, message: string }> } };

export type MeQueryVariables = Exact<{ [key: string]: never; }>;


export type MeQuery = { me: { id: string, email: string | null, username: string | null, firstName: string | null, lastName: string | null, displayName: string, roleNames: Array<string>, confirmedAt: string | null, timezone: string | null, preferredLocale: string | null, customFields: Record<string, unknown>, createdAt: string } | null };

export type CreateUserMutationVariables = Exact<{
  input: CreateUserInput;
  ipAddress?: InputMaybe<Scalars['String']['input']>;
}>;


export type CreateUserMutation = { createUser: { user: { id: string, email: string | null, username: string | null, roleNames: Array<string>, confirmedAt: string | null } | null, errors: Array<{ code: ErrorCode, field: string | null, message: string }> } };

export type UpdateUserProfileMutationVariables = Exact<{
  userId: Scalars['ID']['input'];
  input: ProfileInput;
}>;


export type UpdateUserProfileMutation = { updateUserProfile: { user: { id: string, username: string | null, firstName: string | null, lastName: string | null, displayName: string, timezone: string | null } | null, errors: Array<{ code: ErrorCode, field: string | null, message: string }> } };

export type UpdateUserStatusMutationVariables = Exact<{
  userId: Scalars['ID']['input'];
  isActive: Scalars['Boolean']['input'];
}>;


export type UpdateUserStatusMutation = { updateUserStatus: { user: { id: string, isActive: boolean | null } | null, errors: Array<{ code: ErrorCode, field: string | null, message: string }> } };

export type AdminConfirmUserMutationVariables = Exact<{
  userId: Scalars['ID']['input'];
}>;


export type AdminConfirmUserMutation = { adminConfirmUser: { user: { id: string, confirmedAt: string | null } | null, errors: Array<{ code: ErrorCode, field: string | null, message: string }> } };

export type AdminUnconfirmUserMutationVariables = Exact<{
  userId: Scalars['ID']['input'];
}>;


export type AdminUnconfirmUserMutation = { adminUnconfirmUser: { user: { id: string, confirmedAt: string | null } | null, errors: Array<{ code: ErrorCode, field: string | null, message: string }> } };

export type ToggleUserConfirmationMutationVariables = Exact<{
  userId: Scalars['ID']['input'];
}>;


export type ToggleUserConfirmationMutation = { toggleUserConfirmation: { user: { id: string, confirmedAt: string | null } | null, errors: Array<{ code: ErrorCode, field: string | null, message: string }> } };

export type AdminSetPasswordMutationVariables = Exact<{
  userId: Scalars['ID']['input'];
  password: Scalars['String']['input'];
  passwordConfirmation?: InputMaybe<Scalars['String']['input']>;
}>;


export type AdminSetPasswordMutation = { adminSetPassword: { user: { id: string } | null, errors: Array<{ code: ErrorCode, field: string | null, message: string }> } };

export type RevokeUserSessionsMutationVariables = Exact<{
  userId: Scalars['ID']['input'];
}>;


export type RevokeUserSessionsMutation = { revokeUserSessions: { count: number | null, errors: Array<{ code: ErrorCode, field: string | null, message: string }> } };

export type DeleteUserMutationVariables = Exact<{
  userId: Scalars['ID']['input'];
}>;


export type DeleteUserMutation = { deleteUser: { errors: Array<{ code: ErrorCode, field: string | null, message: string }> } };

export type UserSessionsQueryVariables = Exact<{
  id: Scalars['ID']['input'];
}>;


export type UserSessionsQuery = { user: { id: string, sessions: Array<{ id: string, browser: string | null, os: string | null, ipAddress: string | null, createdAt: string, lastSeenAt: string, expiresAt: string, isCurrent: boolean }> } | null };

export type UserTokensQueryVariables = Exact<{
  userId: Scalars['ID']['input'];
}>;


export type UserTokensQuery = { userTokens: Array<{ id: string, context: TokenContext, sentTo: string, createdAt: string, expiresAt: string }> };

export type RevokeTokenMutationVariables = Exact<{
  id: Scalars['ID']['input'];
}>;


export type RevokeTokenMutation = { revokeToken: { errors: Array<{ code: ErrorCode, field: string | null, message: string }> } };

export type UsersQueryVariables = Exact<{
  page?: InputMaybe<Scalars['Int']['input']>;
  pageSize?: InputMaybe<Scalars['Int']['input']>;
  role?: InputMaybe<Scalars['String']['input']>;
  search?: InputMaybe<Scalars['String']['input']>;
  sort?: InputMaybe<UserSort>;
}>;


export type UsersQuery = { users: { totalCount: number, totalPages: number, page: number, pageSize: number, nodes: Array<{ id: string, email: string | null, displayName: string, roleNames: Array<string>, isActive: boolean | null, confirmedAt: string | null, createdAt: string }> } };

export type UserQueryVariables = Exact<{
  id: Scalars['ID']['input'];
}>;


export type UserQuery = { user: { id: string, email: string | null, username: string | null, displayName: string, lastSignInAt: string | null, roles: Array<{ id: string, name: string }>, registration: { ipAddress: string | null, countryCode: string | null, country: string | null, region: string | null, city: string | null } | null } | null };

export type RolesQueryVariables = Exact<{ [key: string]: never; }>;


export type RolesQuery = { roles: Array<{ id: string, name: string, description: string | null, isSystem: boolean }> };

export type AssignRoleMutationVariables = Exact<{
  userId: Scalars['ID']['input'];
  role: Scalars['String']['input'];
}>;


export type AssignRoleMutation = { assignRole: { roleAssignment: { assignedAt: string, role: { name: string } | null } | null, errors: Array<{ code: ErrorCode, field: string | null, message: string }> } };

export type RemoveRoleMutationVariables = Exact<{
  userId: Scalars['ID']['input'];
  role: Scalars['String']['input'];
}>;


export type RemoveRoleMutation = { removeRole: { user: { id: string, roleNames: Array<string> } | null, errors: Array<{ code: ErrorCode, field: string | null, message: string }> } };

export type PromoteToAdminMutationVariables = Exact<{
  userId: Scalars['ID']['input'];
}>;


export type PromoteToAdminMutation = { promoteToAdmin: { roleAssignment: { assignedAt: string } | null, errors: Array<{ code: ErrorCode, field: string | null, message: string }> } };

export type DemoteToUserMutationVariables = Exact<{
  userId: Scalars['ID']['input'];
}>;


export type DemoteToUserMutation = { demoteToUser: { user: { id: string, roleNames: Array<string> } | null, errors: Array<{ code: ErrorCode, field: string | null, message: string }> } };

export type TransferOwnershipMutationVariables = Exact<{
  userId: Scalars['ID']['input'];
  currentPassword: Scalars['String']['input'];
  keepOwn?: InputMaybe<Scalars['Boolean']['input']>;
}>;


export type TransferOwnershipMutation = { transferOwnership: { user: { id: string, roleNames: Array<string> } | null, errors: Array<{ code: ErrorCode, field: string | null, message: string }> } };

export type ApiKeysQueryVariables = Exact<{ [key: string]: never; }>;


export type ApiKeysQuery = { apiKeys: Array<{ id: string, name: string, prefix: string, scopes: Array<Scope>, addresses: Array<string> | null, createdAt: string, expiresAt: string | null, lastUsedAt: string | null, revokedAt: string | null, createdBy: { id: string, displayName: string } | null }> };

export type CreateApiKeyMutationVariables = Exact<{
  name: Scalars['String']['input'];
  scopes: Array<Scope> | Scope;
  expiresAt?: InputMaybe<Scalars['DateTime']['input']>;
  addresses?: InputMaybe<Array<Scalars['String']['input']> | Scalars['String']['input']>;
}>;


export type CreateApiKeyMutation = { createApiKey: { secret: string | null, apiKey: { id: string, name: string, prefix: string, scopes: Array<Scope>, addresses: Array<string> | null, expiresAt: string | null } | null, errors: Array<{ code: ErrorCode, field: string | null, message: string }> } };

export type RotateApiKeyMutationVariables = Exact<{
  id: Scalars['ID']['input'];
  graceSeconds?: InputMaybe<Scalars['Int']['input']>;
}>;


export type RotateApiKeyMutation = { rotateApiKey: { secret: string | null, apiKey: { id: string, prefix: string } | null, errors: Array<{ code: ErrorCode, field: string | null, message: string }> } };

export type RevokeApiKeyMutationVariables = Exact<{
  id: Scalars['ID']['input'];
}>;


export type RevokeApiKeyMutation = { revokeApiKey: { apiKey: { id: string, revokedAt: string | null } | null, errors: Array<{ code: ErrorCode, field: string | null, message: string }> } };

export type AuditEventsQueryVariables = Exact<{
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  action?: InputMaybe<Scalars['String']['input']>;
  actorId?: InputMaybe<Scalars['ID']['input']>;
  subjectId?: InputMaybe<Scalars['ID']['input']>;
  from?: InputMaybe<Scalars['DateTime']['input']>;
  to?: InputMaybe<Scalars['DateTime']['input']>;
}>;


export type AuditEventsQuery = { auditEvents: { edges: Array<{ cursor: string, node: { id: string, action: string, ipAddress: string | null, userAgent: string | null, metadata: Record<string, unknown>, createdAt: string, actor: { type: AuditActorType, id: string | null, label: string }, subject: { id: string, displayName: string } | null } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type AvatarPartsFragment = { id: string, status: ImageStatus, url: string, square: string, variants: Array<{ variant: ImageVariant, url: string, width: number, height: number }> };

export type MyAvatarQueryVariables = Exact<{ [key: string]: never; }>;


export type MyAvatarQuery = { me: { id: string, avatar: { id: string, status: ImageStatus, url: string, square: string, variants: Array<{ variant: ImageVariant, url: string, width: number, height: number }> } | null } | null };

export type UpdateAvatarMutationVariables = Exact<{
  file: Scalars['Upload']['input'];
}>;


export type UpdateAvatarMutation = { updateAvatar: { user: { id: string, avatar: { id: string, status: ImageStatus, url: string, square: string, variants: Array<{ variant: ImageVariant, url: string, width: number, height: number }> } | null } | null, errors: Array<{ code: ErrorCode, field: string | null, message: string }> } };

export type RemoveAvatarMutationVariables = Exact<{ [key: string]: never; }>;


export type RemoveAvatarMutation = { removeAvatar: { user: { id: string, avatar: { id: string } | null } | null, errors: Array<{ code: ErrorCode, field: string | null, message: string }> } };

export type UpdateUserAvatarMutationVariables = Exact<{
  userId: Scalars['ID']['input'];
  file: Scalars['Upload']['input'];
}>;


export type UpdateUserAvatarMutation = { updateUserAvatar: { user: { id: string, avatar: { id: string, status: ImageStatus, url: string, square: string, variants: Array<{ variant: ImageVariant, url: string, width: number, height: number }> } | null } | null, errors: Array<{ code: ErrorCode, field: string | null, message: string }> } };

export type RemoveUserAvatarMutationVariables = Exact<{
  userId: Scalars['ID']['input'];
}>;


export type RemoveUserAvatarMutation = { removeUserAvatar: { user: { id: string, avatar: { id: string } | null } | null, errors: Array<{ code: ErrorCode, field: string | null, message: string }> } };

export type CustomFieldDefinitionsQueryVariables = Exact<{ [key: string]: never; }>;


export type CustomFieldDefinitionsQuery = { customFieldDefinitions: Array<{ key: string, label: string, type: CustomFieldType, required: boolean, position: number, enabled: boolean, userEditable: boolean, options: Array<string> | null, defaultValue: unknown | null, validation: { min: number | null, max: number | null, pattern: string | null } }> };

export type DefineCustomFieldMutationVariables = Exact<{
  input: DefineCustomFieldInput;
}>;


export type DefineCustomFieldMutation = { defineCustomField: { customFieldDefinition: { key: string, label: string, type: CustomFieldType, position: number } | null, errors: Array<{ code: ErrorCode, field: string | null, message: string }> } };

export type UpdateCustomFieldDefinitionMutationVariables = Exact<{
  key: Scalars['String']['input'];
  input: UpdateCustomFieldInput;
}>;


export type UpdateCustomFieldDefinitionMutation = { updateCustomFieldDefinition: { customFieldDefinition: { key: string, label: string, type: CustomFieldType, required: boolean, enabled: boolean, userEditable: boolean } | null, errors: Array<{ code: ErrorCode, field: string | null, message: string }> } };

export type RemoveCustomFieldDefinitionMutationVariables = Exact<{
  key: Scalars['String']['input'];
}>;


export type RemoveCustomFieldDefinitionMutation = { removeCustomFieldDefinition: { errors: Array<{ code: ErrorCode, field: string | null, message: string }> } };

export type ReorderCustomFieldsMutationVariables = Exact<{
  keys: Array<Scalars['String']['input']> | Scalars['String']['input'];
}>;


export type ReorderCustomFieldsMutation = { reorderCustomFields: { customFieldDefinitions: Array<{ key: string, position: number }> | null, errors: Array<{ code: ErrorCode, field: string | null, message: string }> } };

export type UserFieldsQueryVariables = Exact<{
  id: Scalars['ID']['input'];
  name: Scalars['String']['input'];
}>;


export type UserFieldsQuery = { user: { id: string, customFields: Record<string, unknown>, field: unknown | null } | null };

export type UpdateUserFieldsMutationVariables = Exact<{
  userId: Scalars['ID']['input'];
  fields: Scalars['JSONObject']['input'];
}>;


export type UpdateUserFieldsMutation = { updateUserFields: { user: { id: string, displayName: string, customFields: Record<string, unknown> } | null, errors: Array<{ code: ErrorCode, field: string | null, message: string }> } };

export type BulkUpdateUserFieldsMutationVariables = Exact<{
  userIds: Array<Scalars['ID']['input']> | Scalars['ID']['input'];
  fields: Scalars['JSONObject']['input'];
  dryRun?: InputMaybe<Scalars['Boolean']['input']>;
}>;


export type BulkUpdateUserFieldsMutation = { bulkUpdateUserFields: { updatedCount: number | null, failedCount: number | null, results: Array<{ userId: string, errors: Array<{ code: ErrorCode, field: string | null, message: string }> }> | null, errors: Array<{ code: ErrorCode, field: string | null, message: string }> } };

export type SetUserCustomFieldMutationVariables = Exact<{
  userId: Scalars['ID']['input'];
  key: Scalars['String']['input'];
  value?: InputMaybe<Scalars['JSON']['input']>;
}>;


export type SetUserCustomFieldMutation = { setUserCustomField: { user: { id: string, customFields: Record<string, unknown> } | null, errors: Array<{ code: ErrorCode, field: string | null, message: string }> } };

export type SetMyCustomFieldMutationVariables = Exact<{
  key: Scalars['String']['input'];
  value?: InputMaybe<Scalars['JSON']['input']>;
}>;


export type SetMyCustomFieldMutation = { setMyCustomField: { user: { id: string, customFields: Record<string, unknown> } | null, errors: Array<{ code: ErrorCode, field: string | null, message: string }> } };

export type DeleteUserCustomFieldMutationVariables = Exact<{
  userId: Scalars['ID']['input'];
  key: Scalars['String']['input'];
}>;


export type DeleteUserCustomFieldMutation = { deleteUserCustomField: { user: { id: string, customFields: Record<string, unknown> } | null, errors: Array<{ code: ErrorCode, field: string | null, message: string }> } };

export type UpdateUserCustomFieldsMutationVariables = Exact<{
  userId: Scalars['ID']['input'];
  customFields: Scalars['JSONObject']['input'];
}>;


export type UpdateUserCustomFieldsMutation = { updateUserCustomFields: { user: { id: string, customFields: Record<string, unknown> } | null, errors: Array<{ code: ErrorCode, field: string | null, message: string }> } };

export type UsersConnectionQueryVariables = Exact<{
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  role?: InputMaybe<Scalars['String']['input']>;
  search?: InputMaybe<Scalars['String']['input']>;
  isActive?: InputMaybe<Scalars['Boolean']['input']>;
  confirmed?: InputMaybe<Scalars['Boolean']['input']>;
  customFields?: InputMaybe<Scalars['JSONObject']['input']>;
  sort?: InputMaybe<UserSort>;
}>;


export type UsersConnectionQuery = { usersConnection: { edges: Array<{ cursor: string, node: { id: string, email: string | null, displayName: string, roleNames: Array<string>, isActive: boolean | null, confirmedAt: string | null, createdAt: string } }>, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null } } };

export type UsersWithRoleQueryVariables = Exact<{
  role: Scalars['String']['input'];
  page?: InputMaybe<Scalars['Int']['input']>;
  pageSize?: InputMaybe<Scalars['Int']['input']>;
}>;


export type UsersWithRoleQuery = { usersWithRole: { totalCount: number, totalPages: number, page: number, pageSize: number, nodes: Array<{ id: string, email: string | null, displayName: string }> } };

export type SearchUsersQueryVariables = Exact<{
  term: Scalars['String']['input'];
}>;


export type SearchUsersQuery = { searchUsers: Array<{ id: string, email: string, username: string | null, firstName: string | null, lastName: string | null }> };

export type UserOptionQueryVariables = Exact<{
  id: Scalars['ID']['input'];
}>;


export type UserOptionQuery = { userOption: { id: string, email: string, username: string | null, firstName: string | null, lastName: string | null } | null };

export type UserByEmailQueryVariables = Exact<{
  email: Scalars['String']['input'];
}>;


export type UserByEmailQuery = { userByEmail: { id: string, email: string | null, displayName: string, roleNames: Array<string>, isActive: boolean | null, confirmedAt: string | null } | null };

export type FirstAdminQueryVariables = Exact<{ [key: string]: never; }>;


export type FirstAdminQuery = { firstAdmin: { id: string, email: string | null } | null };

export type FirstUserQueryVariables = Exact<{ [key: string]: never; }>;


export type FirstUserQuery = { firstUser: { id: string, email: string | null } | null };

export type RoleStatsQueryVariables = Exact<{ [key: string]: never; }>;


export type RoleStatsQuery = { roleStats: { totalUsers: number, ownerCount: number, adminCount: number, userCount: number, activeCount: number, inactiveCount: number, confirmedCount: number, pendingCount: number, byRole: Array<{ count: number, role: { name: string } }> } };

export type RoleHoldersQueryVariables = Exact<{
  page?: InputMaybe<Scalars['Int']['input']>;
  pageSize?: InputMaybe<Scalars['Int']['input']>;
}>;


export type RoleHoldersQuery = { roles: Array<{ name: string, userCount: number | null, users: { nodes: Array<{ id: string, email: string | null }> } }> };

export type RequestEmailConfirmationMutationVariables = Exact<{
  email: Scalars['String']['input'];
}>;


export type RequestEmailConfirmationMutation = { requestEmailConfirmation: { errors: Array<{ code: ErrorCode, field: string | null, message: string }> } };

export type ConfirmEmailMutationVariables = Exact<{
  token: Scalars['String']['input'];
}>;


export type ConfirmEmailMutation = { confirmEmail: { user: { id: string, email: string | null, confirmedAt: string | null } | null, errors: Array<{ code: ErrorCode, field: string | null, message: string }> } };

export type ValidateEmailQueryVariables = Exact<{
  email: Scalars['String']['input'];
}>;


export type ValidateEmailQuery = { validateEmail: { valid: boolean, errors: Array<{ code: ErrorCode, field: string | null, message: string }> } };

export type ValidateEmailChangeQueryVariables = Exact<{
  currentPassword: Scalars['String']['input'];
  email: Scalars['String']['input'];
}>;


export type ValidateEmailChangeQuery = { validateEmailChange: { valid: boolean, errors: Array<{ code: ErrorCode, field: string | null, message: string }> } };

export type RequestEmailChangeMutationVariables = Exact<{
  currentPassword: Scalars['String']['input'];
  email: Scalars['String']['input'];
}>;


export type RequestEmailChangeMutation = { requestEmailChange: { errors: Array<{ code: ErrorCode, field: string | null, message: string }> } };

export type ConfirmEmailChangeMutationVariables = Exact<{
  token: Scalars['String']['input'];
}>;


export type ConfirmEmailChangeMutation = { confirmEmailChange: { user: { id: string, email: string | null, confirmedAt: string | null } | null, errors: Array<{ code: ErrorCode, field: string | null, message: string }> } };

export type MailsQueryVariables = Exact<{
  state?: InputMaybe<MailState>;
  page?: InputMaybe<Scalars['Int']['input']>;
  pageSize?: InputMaybe<Scalars['Int']['input']>;
}>;


export type MailsQuery = { mails: { totalCount: number, totalPages: number, page: number, pageSize: number, nodes: Array<{ id: string, kind: MailKind, recipient: string, state: MailState, attempts: number, lastError: string | null, createdAt: string, finishedAt: string | null, user: { id: string, displayName: string } | null }> } };

export type RetryMailMutationVariables = Exact<{
  id: Scalars['ID']['input'];
}>;


export type RetryMailMutation = { retryMail: { mail: { id: string, state: MailState } | null, errors: Array<{ code: ErrorCode, field: string | null, message: string }> } };

export type RequestPasswordResetMutationVariables = Exact<{
  email: Scalars['String']['input'];
}>;


export type RequestPasswordResetMutation = { requestPasswordReset: { errors: Array<{ code: ErrorCode, field: string | null, message: string }> } };

export type PasswordResetQueryVariables = Exact<{
  token: Scalars['String']['input'];
}>;


export type PasswordResetQuery = { passwordReset: { maskedEmail: string, expiresAt: string } | null };

export type ResetPasswordMutationVariables = Exact<{
  token: Scalars['String']['input'];
  password: Scalars['String']['input'];
  passwordConfirmation?: InputMaybe<Scalars['String']['input']>;
}>;


export type ResetPasswordMutation = { resetPassword: { user: { id: string, email: string | null, confirmedAt: string | null } | null, errors: Array<{ code: ErrorCode, field: string | null, message: string }> } };

export type ChangePasswordMutationVariables = Exact<{
  input: ChangePasswordInput;
}>;


export type ChangePasswordMutation = { changePassword: { token: string | null, expiresAt: string | null, user: { id: string } | null, errors: Array<{ code: ErrorCode, field: string | null, message: string }> } };

export type ValidatePasswordQueryVariables = Exact<{
  input: ChangePasswordInput;
}>;


export type ValidatePasswordQuery = { validatePassword: { valid: boolean, errors: Array<{ code: ErrorCode, field: string | null, message: string }> } };

export type UpdateProfileMutationVariables = Exact<{
  input: ProfileInput;
}>;


export type UpdateProfileMutation = { updateProfile: { user: { id: string, username: string | null, firstName: string | null, lastName: string | null, displayName: string, timezone: string | null } | null, errors: Array<{ code: ErrorCode, field: string | null, message: string }> } };

export type ValidateProfileQueryVariables = Exact<{
  input: ProfileInput;
}>;


export type ValidateProfileQuery = { validateProfile: { valid: boolean, errors: Array<{ code: ErrorCode, field: string | null, message: string }> } };

export type UpdateLocalePreferenceMutationVariables = Exact<{
  locale?: InputMaybe<Scalars['String']['input']>;
}>;


export type UpdateLocalePreferenceMutation = { updateLocalePreference: { user: { id: string, preferredLocale: string | null } | null, errors: Array<{ code: ErrorCode, field: string | null, message: string }> } };

export type CreateRoleMutationVariables = Exact<{
  name: Scalars['String']['input'];
  description?: InputMaybe<Scalars['String']['input']>;
}>;


export type CreateRoleMutation = { createRole: { role: { id: string, name: string, description: string | null } | null, errors: Array<{ code: ErrorCode, field: string | null, message: string }> } };

export type UpdateRoleMutationVariables = Exact<{
  id: Scalars['ID']['input'];
  name?: InputMaybe<Scalars['String']['input']>;
  description?: InputMaybe<Scalars['String']['input']>;
}>;


export type UpdateRoleMutation = { updateRole: { role: { id: string, name: string, description: string | null } | null, errors: Array<{ code: ErrorCode, field: string | null, message: string }> } };

export type DeleteRoleMutationVariables = Exact<{
  id: Scalars['ID']['input'];
}>;


export type DeleteRoleMutation = { deleteRole: { role: { id: string } | null, errors: Array<{ code: ErrorCode, field: string | null, message: string }> } };

export type AssignRolesToExistingUsersMutationVariables = Exact<{
  makeFirstOwner?: InputMaybe<Scalars['Boolean']['input']>;
}>;


export type AssignRolesToExistingUsersMutation = { assignRolesToExistingUsers: { assignedOwner: number | null, assignedUsers: number | null, totalProcessed: number | null, errors: Array<{ code: ErrorCode, field: string | null, message: string }> } };

export type VerifyCredentialsMutationVariables = Exact<{
  email: Scalars['String']['input'];
  password: Scalars['String']['input'];
  ipAddress?: InputMaybe<Scalars['String']['input']>;
}>;


export type VerifyCredentialsMutation = { verifyCredentials: { user: { id: string, email: string | null, displayName: string, roleNames: Array<string> } | null, errors: Array<{ code: ErrorCode, field: string | null, message: string }> } };

export type CreateSessionMutationVariables = Exact<{
  userId: Scalars['ID']['input'];
  ipAddress?: InputMaybe<Scalars['String']['input']>;
  userAgent?: InputMaybe<Scalars['String']['input']>;
}>;


export type CreateSessionMutation = { createSession: { token: string | null, expiresAt: string | null, user: { id: string, email: string | null, displayName: string, roleNames: Array<string> } | null, errors: Array<{ code: ErrorCode, field: string | null, message: string }> } };

export type IntrospectQueryVariables = Exact<{
  token: Scalars['String']['input'];
  ipAddress?: InputMaybe<Scalars['String']['input']>;
  userAgent?: InputMaybe<Scalars['String']['input']>;
}>;


export type IntrospectQuery = { introspect: { active: boolean, expiresAt: string | null, user: { id: string, email: string | null, displayName: string, confirmedAt: string | null } | null, roles: Array<{ name: string }> | null, session: { id: string, createdAt: string } | null, fingerprint: { status: FingerprintStatus, reason: FingerprintReason | null } | null } };

export type VerifySessionFingerprintQueryVariables = Exact<{
  token: Scalars['String']['input'];
  ipAddress?: InputMaybe<Scalars['String']['input']>;
  userAgent?: InputMaybe<Scalars['String']['input']>;
}>;


export type VerifySessionFingerprintQuery = { verifySessionFingerprint: { status: FingerprintStatus, reason: FingerprintReason | null } };

export type CreateAccessTokenMutationVariables = Exact<{
  userId?: InputMaybe<Scalars['ID']['input']>;
}>;


export type CreateAccessTokenMutation = { createAccessToken: { accessToken: string | null, expiresAt: string | null, errors: Array<{ code: ErrorCode, field: string | null, message: string }> } };

export type LoginMutationVariables = Exact<{
  input: LoginInput;
}>;


export type LoginMutation = { login: { token: string | null, expiresAt: string | null, user: { id: string, email: string | null, displayName: string, roleNames: Array<string> } | null, errors: Array<{ code: ErrorCode, field: string | null, message: string }> } };

export type LogoutMutationVariables = Exact<{ [key: string]: never; }>;


export type LogoutMutation = { logout: { errors: Array<{ code: ErrorCode, field: string | null, message: string }> } };

export type LogoutEverywhereMutationVariables = Exact<{
  exceptCurrent?: InputMaybe<Scalars['Boolean']['input']>;
}>;


export type LogoutEverywhereMutation = { logoutEverywhere: { count: number | null, errors: Array<{ code: ErrorCode, field: string | null, message: string }> } };

export type RevokeSessionMutationVariables = Exact<{
  id: Scalars['ID']['input'];
}>;


export type RevokeSessionMutation = { revokeSession: { errors: Array<{ code: ErrorCode, field: string | null, message: string }> } };

export type MySessionsQueryVariables = Exact<{ [key: string]: never; }>;


export type MySessionsQuery = { mySessions: Array<{ id: string, createdAt: string, lastSeenAt: string, expiresAt: string, ipAddress: string | null, browser: string | null, os: string | null, isCurrent: boolean }> };

export type CurrentSessionQueryVariables = Exact<{ [key: string]: never; }>;


export type CurrentSessionQuery = { currentSession: { id: string, createdAt: string, expiresAt: string } | null };

export type WebhooksQueryVariables = Exact<{ [key: string]: never; }>;


export type WebhooksQuery = { webhooks: Array<{ id: string, url: string, events: Array<WebhookEvent>, enabled: boolean, disabledReason: string | null, overlapsUntil: string | null, createdAt: string, updatedAt: string, createdBy: { id: string, displayName: string } | null }> };

export type WebhookDeliveriesQueryVariables = Exact<{
  webhookId: Scalars['ID']['input'];
  page?: InputMaybe<Scalars['Int']['input']>;
  pageSize?: InputMaybe<Scalars['Int']['input']>;
}>;


export type WebhookDeliveriesQuery = { webhookDeliveries: { totalCount: number, totalPages: number, page: number, pageSize: number, nodes: Array<{ id: string, eventId: string, type: string, userId: string | null, data: Record<string, unknown>, state: WebhookDeliveryState, attempts: number, statusCode: number | null, durationMs: number | null, error: string | null, createdAt: string, lastTriedAt: string | null, nextTryAt: string | null, finishedAt: string | null }> } };

export type CreateWebhookMutationVariables = Exact<{
  url: Scalars['String']['input'];
  events: Array<WebhookEvent> | WebhookEvent;
  secret?: InputMaybe<Scalars['String']['input']>;
}>;


export type CreateWebhookMutation = { createWebhook: { secret: string | null, webhook: { id: string, url: string, events: Array<WebhookEvent>, enabled: boolean } | null, errors: Array<{ code: ErrorCode, field: string | null, message: string }> } };

export type UpdateWebhookMutationVariables = Exact<{
  id: Scalars['ID']['input'];
  url?: InputMaybe<Scalars['String']['input']>;
  events?: InputMaybe<Array<WebhookEvent> | WebhookEvent>;
  enabled?: InputMaybe<Scalars['Boolean']['input']>;
}>;


export type UpdateWebhookMutation = { updateWebhook: { webhook: { id: string, url: string, events: Array<WebhookEvent>, enabled: boolean } | null, errors: Array<{ code: ErrorCode, field: string | null, message: string }> } };

export type RotateWebhookSecretMutationVariables = Exact<{
  id: Scalars['ID']['input'];
  graceSeconds?: InputMaybe<Scalars['Int']['input']>;
  secret?: InputMaybe<Scalars['String']['input']>;
}>;


export type RotateWebhookSecretMutation = { rotateWebhookSecret: { secret: string | null, webhook: { id: string, overlapsUntil: string | null } | null, errors: Array<{ code: ErrorCode, field: string | null, message: string }> } };

export type DeleteWebhookMutationVariables = Exact<{
  id: Scalars['ID']['input'];
}>;


export type DeleteWebhookMutation = { deleteWebhook: { webhook: { id: string } | null, errors: Array<{ code: ErrorCode, field: string | null, message: string }> } };

export type TestWebhookMutationVariables = Exact<{
  id: Scalars['ID']['input'];
}>;


export type TestWebhookMutation = { testWebhook: { delivery: { id: string, state: WebhookDeliveryState, createdAt: string } | null, errors: Array<{ code: ErrorCode, field: string | null, message: string }> } };

export type RedeliverWebhookMutationVariables = Exact<{
  deliveryId: Scalars['ID']['input'];
}>;


export type RedeliverWebhookMutation = { redeliverWebhook: { delivery: { id: string, state: WebhookDeliveryState, nextTryAt: string | null } | null, errors: Array<{ code: ErrorCode, field: string | null, message: string }> } };
