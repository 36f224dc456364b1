import { GraphQLDateTime } from 'graphql-scalars';
import { Field, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
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

@InputType({ description: 'Who signs in, and how the session is delivered.' })
export class LoginInput {
  @Field(() => String, { description: 'The e-mail address or the username.' })
  email!: string;

  @Field(() => String, { description: 'The password.' })
  password!: string;

  @Field(() => SessionDelivery, {
    nullable: true,
    defaultValue: SessionDelivery.TOKEN,
    description: 'How the session is delivered.',
  })
  delivery!: SessionDelivery | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: true,
    description: 'Whether a cookie outlives the browser. Tokens are the client’s to keep.',
  })
  remember!: boolean | null;
}

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
