import {
  DirectiveLocation,
  GraphQLBoolean,
  GraphQLDirective,
  GraphQLEnumType,
  GraphQLNonNull,
  type GraphQLEnumValueConfigMap,
} from 'graphql';
import { ranks, scopes } from '../actor.ts';
import { limitNames } from '../limits.ts';

const requirementDescriptions = {
  USER: 'Any signed-in user whose account is active.',
  ADMIN: 'Admins and Owners.',
  OWNER: 'Owners.',
  KEY: 'API keys, and no user.',
} as const;

/** What `@auth` may ask for: a rank of users, or to be an API key. */
export type Requirement = keyof typeof requirementDescriptions;

const Rank = new GraphQLEnumType({
  name: 'Rank',
  description: 'What a caller must be.',
  values: Object.fromEntries(
    ([...ranks, 'KEY'] as const).map((name) => [
      name,
      { description: requirementDescriptions[name] },
    ]),
  ) satisfies GraphQLEnumValueConfigMap,
});

const scopeDescriptions = {
  USERS_READ: 'Read about users, their roles and their fields.',
  USERS_WRITE: 'Make, change, deactivate and delete ordinary users.',
  ROLES_WRITE: 'Give roles to anyone and take them away.',
  SESSIONS_WRITE: 'Open and end sessions of users.',
  TOKENS_READ: 'Ask whose a session token is and whether it is good.',
  CREDENTIALS_VERIFY: 'Check the credentials of users without signing them in.',
  AUDIT_READ: 'Read the audit log.',
} as const;

const ScopeType = new GraphQLEnumType({
  name: 'Scope',
  description: 'What an API key may be allowed to do.',
  values: Object.fromEntries(
    scopes.map((name) => [name, { description: scopeDescriptions[name] }]),
  ),
});

const RateLimitName = new GraphQLEnumType({
  name: 'RateLimitName',
  description: 'A limit. Its numbers are the environment variable `RATE_LIMIT_<NAME>`.',
  values: Object.fromEntries(
    limitNames.map((name) => [name, { description: `Set by \`RATE_LIMIT_${name}\`.` }]),
  ),
});

export const authDirective = new GraphQLDirective({
  name: 'auth',
  description: 'Who may use this field. Everyone else gets `UNAUTHENTICATED` or `FORBIDDEN`.',
  locations: [DirectiveLocation.FIELD_DEFINITION],
  args: {
    requires: {
      type: new GraphQLNonNull(Rank),
      defaultValue: 'USER',
      description: 'The least the caller must be.',
    },
    scope: { type: ScopeType, description: 'The scope an API key needs; none lets no key in.' },
    unconfirmed: {
      type: new GraphQLNonNull(GraphQLBoolean),
      defaultValue: false,
      description: 'Whether users may use it before they have confirmed their address.',
    },
  },
});

export const publicDirective = new GraphQLDirective({
  name: 'public',
  description: 'Anyone may use this field, signed in or not.',
  locations: [DirectiveLocation.FIELD_DEFINITION],
});

export const privateDirective = new GraphQLDirective({
  name: 'private',
  description:
    'Visible to the user it belongs to, to administrators and to API keys with `USERS_READ`. For ' +
    'anyone else it is null, or `FORBIDDEN` where it cannot be null.',
  locations: [DirectiveLocation.FIELD_DEFINITION],
});

export const rateLimitDirective = new GraphQLDirective({
  name: 'rateLimit',
  description: 'How often this field may be used. Beyond it, the answer is `RATE_LIMITED`.',
  locations: [DirectiveLocation.FIELD_DEFINITION],
  isRepeatable: true,
  args: {
    name: { type: new GraphQLNonNull(RateLimitName), description: 'Which limit counts the use.' },
  },
});
