import { GraphQLDateTime } from 'graphql-scalars';
import {
  Arg,
  Ctx as Context,
  Directive,
  Field,
  InputType,
  Mutation,
  ObjectType,
  Query,
  Resolver,
} from 'type-graphql';
import type { Ctx } from '../../context.ts';
import { reveal } from '../../graphql/auth.transformer.ts';
import type { RequestCtx } from '../../graphql/request-context.ts';
import { Validation } from '../../graphql/user-error.type.ts';
import { deliver, replacedSession } from '../session/session.delivery.ts';
import { SessionDelivery } from '../session/session.inputs.ts';
import { User } from '../user/user.entity.ts';
import { userById } from '../user/user.loaders.ts';
import { register, registrationViolations, type Registration } from './registration.service.ts';

@InputType({ description: 'A new account.' })
class RegisterInput implements Registration {
  @Field(() => String, { description: 'The e-mail address, at most 160 characters.' })
  email!: string;

  @Field(() => String, { description: 'At least 8 characters, at most 72 bytes.' })
  password!: string;

  @Field(() => String, { nullable: true, description: 'The password again; optional.' })
  passwordConfirmation?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Three to thirty letters, digits and `_`; derived from the address when absent.',
  })
  username?: string | null;

  @Field(() => String, { nullable: true, description: 'Given name, at most 100 characters.' })
  firstName?: string | null;

  @Field(() => String, { nullable: true, description: 'Family name, at most 100 characters.' })
  lastName?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Whether to sign in at once.',
  })
  signIn!: boolean | null;

  @Field(() => SessionDelivery, {
    nullable: true,
    defaultValue: SessionDelivery.TOKEN,
    description: 'How the session is delivered, with `signIn`.',
  })
  delivery!: SessionDelivery | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: true,
    description: 'Whether a cookie outlives the browser, with `signIn`.',
  })
  remember!: boolean | null;
}

@ObjectType({ description: 'The outcome of a registration.' })
class RegisterPayload {
  @Field(() => User, {
    nullable: true,
    description: 'The new user; null where `HIDE_REGISTERED_EMAILS` keeps addresses secret.',
  })
  user!: User | null;

  @Field(() => String, {
    nullable: true,
    description: 'The session token, shown this once, when `signIn` was asked for by token.',
  })
  token!: string | null;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'When the session ends.' })
  expiresAt!: Date | null;
}

@Resolver()
export class RegistrationResolver {
  @Directive('@public')
  @Directive('@rateLimit(name: REGISTER_NETWORK)')
  @Directive('@rateLimit(name: REGISTER_EMAIL)')
  @Mutation(() => RegisterPayload, {
    description: 'Makes an account. The very first one becomes the Owner.',
  })
  async register(
    @Arg('input', () => RegisterInput, { description: 'The account.' }) input: RegisterInput,
    @Context() ctx: RequestCtx,
  ): Promise<RegisterPayload> {
    const registered = await register(ctx, input, replacedSession(ctx, input));
    if (registered === undefined) return { user: null, token: null, expiresAt: null };
    const { userId, session } = registered;
    const user = reveal(await userById(ctx).load(userId));
    if (session === undefined) return { user, token: null, expiresAt: null };
    return { user, ...deliver(ctx, session, input) };
  }

  @Directive('@public')
  @Directive('@rateLimit(name: VALIDATE_NETWORK)')
  @Query(() => Validation, {
    description: 'What `register` would refuse, for forms. Changes nothing.',
  })
  async validateRegistration(
    @Arg('input', () => RegisterInput, { description: 'The account.' }) input: RegisterInput,
    @Context() ctx: Ctx,
  ): Promise<Validation> {
    const errors = await registrationViolations(ctx, input);
    return { valid: errors.length === 0, errors };
  }
}
