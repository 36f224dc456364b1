import { Arg, Ctx as Context, Directive, Field, InputType, Mutation, Resolver } from 'type-graphql';
import { GraphQLJSONObject } from 'graphql-scalars';
import type { Ctx } from '../../context.ts';
import type { CustomFields } from '../user/user.entity.ts';
import { userById } from '../user/user.loaders.ts';
import { UserPayload } from '../user/user.payload.ts';
import { createUser, type NewUser } from './provisioning.service.ts';

@InputType({ description: 'An account for somebody else.' })
class CreateUserInput implements NewUser {
  @Field(() => String, { description: 'The e-mail address, at most 160 characters.' })
  email!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'At least 8 characters, at most 72 bytes. Without one the user chooses one by a mailed ' +
      'link, see `requestPasswordReset`, and cannot sign in before.',
  })
  password?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Three to thirty letters, digits and `_`; derived from the address when absent.',
  })
  username?: string | null;

  @Field(() => String, { nullable: true, description: 'Given name, at most 100 characters.' })
  firstName?: string | null;

  @Field(() => String, { nullable: true, description: 'Family name, at most 100 characters.' })
  lastName?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'An IANA zone such as `Europe/Berlin`, or an offset: `+05:30`, `5.5`, `-3`.',
  })
  timezone?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'A BCP 47 tag such as `en-GB`: the language in which the user is written to.',
  })
  locale?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Whether the address is known to be theirs.',
  })
  confirmed!: boolean | null;

  @Field(() => [String], {
    nullable: true,
    description:
      'Names of roles to give beside the default one, a hundred at most and never Owner. Only ' +
      'Owners give Admin; API keys need the scope `ROLES_WRITE`.',
  })
  roles?: string[] | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: true,
    description: 'Whether to mail a link that confirms the address, unless it is confirmed.',
  })
  sendConfirmation!: boolean | null;

  @Field(() => GraphQLJSONObject, {
    nullable: true,
    description:
      'Custom fields. What is required must be among them; what is left out has its default.',
  })
  customFields?: CustomFields | null;
}

@Resolver()
export class ProvisioningResolver {
  @Directive('@auth(requires: ADMIN, scope: USERS_WRITE)')
  @Mutation(() => UserPayload, {
    description: 'Makes an account for somebody else, also where registration is closed.',
  })
  async createUser(
    @Arg('input', () => CreateUserInput, { description: 'The account.' }) input: CreateUserInput,
    @Arg('ipAddress', () => String, {
      nullable: true,
      description: 'Where the person is, for servers that know; it is looked up as in `register`.',
    })
    ipAddress: string | null,
    @Context() ctx: Ctx,
  ): Promise<UserPayload> {
    return { user: await userById(ctx).load(await createUser(ctx, input, ipAddress)) };
  }
}
