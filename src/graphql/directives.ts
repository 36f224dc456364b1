import {
  DirectiveLocation,
  GraphQLDirective,
  GraphQLEnumType,
  GraphQLNonNull,
  type GraphQLEnumValueConfigMap,
} from 'graphql';
import { ranks } from '../actor.ts';
import { limitNames } from '../limits.ts';

const rankDescriptions = {
  USER: 'Any signed-in user whose account is active.',
  ADMIN: 'Admins and Owners.',
  OWNER: 'Owners.',
} as const;

const Rank = new GraphQLEnumType({
  name: 'Rank',
  description: 'What a caller must be.',
  values: Object.fromEntries(
    ranks.map((rank) => [rank, { description: rankDescriptions[rank] }]),
  ) satisfies GraphQLEnumValueConfigMap,
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
  },
});

export const publicDirective = new GraphQLDirective({
  name: 'public',
  description: 'Anyone may use this field, signed in or not.',
  locations: [DirectiveLocation.FIELD_DEFINITION],
});

export const privateDirective = new GraphQLDirective({
  name: 'private',
  description: 'Visible to the user it belongs to and to administrators; null for anyone else.',
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
