import { Field, InputType } from 'type-graphql';
import { SessionDelivery } from '../session/session.inputs.ts';

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
