import { GraphQLDateTime } from 'graphql-scalars';
import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import { User } from '../user/user.entity.ts';

export enum SessionDelivery {
  TOKEN = 'TOKEN',
  COOKIE = 'COOKIE',
}

registerEnumType(SessionDelivery, {
  name: 'SessionDelivery',
  description: 'How a new session reaches the client.',
  valuesConfig: {
    TOKEN: { description: 'In the payload, to be sent as `Authorization: Bearer …`.' },
    COOKIE: { description: 'In a cookie that scripts cannot read, and not in the payload.' },
  },
});

@ObjectType({ description: 'The outcome of signing in.' })
export class LoginPayload {
  @Field(() => User, { nullable: true, description: 'Who is now signed in.' })
  user!: User | null;

  @Field(() => String, {
    nullable: true,
    description: 'The session token, shown this once; null when it went into the cookie.',
  })
  token!: string | null;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'When the session ends.' })
  expiresAt!: Date | null;
}

@ObjectType({ description: 'The outcome of ending several sessions.' })
export class SessionsRevokedPayload {
  @Field(() => Int, { nullable: true, description: 'How many sessions were ended.' })
  count!: number | null;
}
