import {
  DirectiveLocation,
  GraphQLBoolean,
  GraphQLDirective,
  GraphQLEnumType,
  GraphQLNonNull,
  GraphQLSchema,
  isEnumType,
  type GraphQLEnumValueConfigMap,
} from 'graphql';
import { ranks } from '../actor.ts';
import { limitNames } from '../limits.ts';
import { scopeTypeName } from './scope.type.ts';

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

const RateLimitName = new GraphQLEnumType({
  name: 'RateLimitName',
  description: 'A limit. Its numbers are the environment variable `RATE_LIMIT_<NAME>`.',
  values: Object.fromEntries(
    limitNames.map((name) => [name, { description: `Set by \`RATE_LIMIT_${name}\`.` }]),
  ),
});

export const authDirectiveName = 'auth';

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

/**
 * The schema with our directives. They are declared when the types are made, for the scopes that
 * `@auth` takes are those that keys are given: one type, which is the schema's.
 */
export function declareDirectives(schema: GraphQLSchema): GraphQLSchema {
  const scope = schema.getType(scopeTypeName);
  if (!isEnumType(scope)) throw new Error(`The schema has no enum ${scopeTypeName}.`);
  return new GraphQLSchema({
    ...schema.toConfig(),
    directives: [
      ...schema.getDirectives(),
      authDirective(scope),
      publicDirective,
      privateDirective,
      rateLimitDirective,
    ],
  });
}

function authDirective(scope: GraphQLEnumType): GraphQLDirective {
  return new GraphQLDirective({
    name: authDirectiveName,
    description: 'Who may use this field. Everyone else gets `UNAUTHENTICATED` or `FORBIDDEN`.',
    locations: [DirectiveLocation.FIELD_DEFINITION],
    args: {
      requires: {
        type: new GraphQLNonNull(Rank),
        defaultValue: 'USER',
        description: 'The least the caller must be.',
      },
      scope: { type: scope, description: 'The scope an API key needs; none lets no key in.' },
      unconfirmed: {
        type: new GraphQLNonNull(GraphQLBoolean),
        defaultValue: false,
        description: 'Whether users may use it before they have confirmed their address.',
      },
    },
  });
}
