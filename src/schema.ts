import 'reflect-metadata';
import { MapperKind, mapSchema } from '@graphql-tools/utils';
import { assertValidSchema, GraphQLObjectType, type GraphQLSchema } from 'graphql';
import { buildSchemaSync } from 'type-graphql';
import {
  UserConnectionResolver,
  UserPageResolver,
} from './features/directory/user-list.resolver.ts';
import { CustomFieldResolver } from './features/custom-field/custom-field.resolver.ts';
import {
  UserLookupResolver,
  UserOptionResolver,
} from './features/directory/user-lookup.resolver.ts';
import { RoleHolderResolver } from './features/role-holder/role-holder.resolver.ts';
import { AdminConfirmationResolver } from './features/email/admin-confirmation.resolver.ts';
import { AuditActorResolver, AuditLogResolver } from './features/audit-log/audit-log.resolver.ts';
import {
  avatar,
  AvatarResolver,
  imageUrl,
  ImageResolver,
  UserAvatarResolver,
} from './features/avatar/avatar.resolver.ts';
import { AccessTokenResolver } from './features/access-token/access-token.resolver.ts';
import { ApiKeyResolver } from './features/api-key/api-key.resolver.ts';
import { EmailResolver } from './features/email/email.resolver.ts';
import { PasswordChangeResolver } from './features/password-change/password-change.resolver.ts';
import { UserTokenResolver } from './features/one-time-token/user-token.resolver.ts';
import { ProfileResolver } from './features/profile/profile.resolver.ts';
import { ProvisioningResolver } from './features/provisioning/provisioning.resolver.ts';
import { PasswordResetResolver } from './features/recovery/password-reset.resolver.ts';
import { RegistrationResolver } from './features/registration/registration.resolver.ts';
import { MailPageResolver, MailResolver } from './features/mail/mail.resolver.ts';
import { limitIdentities } from './features/rate-limit/rate-limit.keys.ts';
import { limitKey, rateLimited } from './features/rate-limit/rate-limit.service.ts';
import { RoleBackfillResolver } from './features/role-assignment/backfill.resolver.ts';
import {
  RoleAssignmentResolver,
  roleNames,
  UserRolesResolver,
} from './features/role-assignment/role-assignment.resolver.ts';
import { RoleResolver } from './features/role/role.resolver.ts';
import { IntrospectionResolver } from './features/introspection/introspection.resolver.ts';
import { RevocationResolver } from './features/revocation/revocation.resolver.ts';
import { DelegatedSignInResolver } from './features/sign-in/delegated-sign-in.resolver.ts';
import { SignInResolver } from './features/sign-in/sign-in.resolver.ts';
import { SessionResolver, UserSessionsResolver } from './features/session/session.resolver.ts';
import { UserDeletionResolver } from './features/user-deletion/user-deletion.resolver.ts';
import { UserStatusResolver } from './features/user-status/user-status.resolver.ts';
import {
  BulkUpdateResultResolver,
  FieldsOfUserResolver,
  UserFieldsResolver,
} from './features/user-fields/user-fields.resolver.ts';
import { UserResolver } from './features/user/user.resolver.ts';
import { maySeePrivateFields } from './features/user/user.rules.ts';
import { blankPrivateFields, guardRootFields } from './graphql/auth.transformer.ts';
import { declareDirectives } from './graphql/directives.ts';
import { WebhookResolver } from './features/webhook/webhook.resolver.ts';
import {
  WebhookDeliveryPageResolver,
  WebhookDeliveryResolver,
} from './features/webhook-delivery/webhook-delivery.resolver.ts';
import { resolvePlainly } from './graphql/plain-resolver.transformer.ts';
import { answerRefusals } from './graphql/payload.transformer.ts';
import { observeRootFields } from './graphql/observation.transformer.ts';
import { limitFields } from './graphql/rate-limit.transformer.ts';
import { UserErrorType } from './graphql/user-error.type.ts';

const resolverClasses = [
  RegistrationResolver,
  ProvisioningResolver,
  MailResolver,
  MailPageResolver,
  EmailResolver,
  AdminConfirmationResolver,
  PasswordChangeResolver,
  PasswordResetResolver,
  ProfileResolver,
  AvatarResolver,
  UserAvatarResolver,
  ImageResolver,
  SessionResolver,
  UserSessionsResolver,
  SignInResolver,
  ApiKeyResolver,
  AccessTokenResolver,
  DelegatedSignInResolver,
  IntrospectionResolver,
  RevocationResolver,
  UserTokenResolver,
  UserResolver,
  UserStatusResolver,
  UserDeletionResolver,
  UserPageResolver,
  UserConnectionResolver,
  UserLookupResolver,
  UserOptionResolver,
  RoleHolderResolver,
  UserRolesResolver,
  RoleResolver,
  RoleAssignmentResolver,
  RoleBackfillResolver,
  AuditLogResolver,
  AuditActorResolver,
  CustomFieldResolver,
  UserFieldsResolver,
  FieldsOfUserResolver,
  BulkUpdateResultResolver,
  WebhookResolver,
  WebhookDeliveryResolver,
  WebhookDeliveryPageResolver,
] as const;

let made: GraphQLSchema | undefined;

/**
 * The whole API. It depends on nothing but the code: what a server is made of comes with each call,
 * in its context, so one schema serves all that a process starts.
 */
export function createSchema(): GraphQLSchema {
  return (made ??= makeSchema());
}

/**
 * Every resolver, then what the directives do, innermost first. A call passes `@auth`, then its
 * limits, then has its refusals answered, then reaches the resolver.
 */
function makeSchema(): GraphQLSchema {
  const resolvers = buildSchemaSync({
    resolvers: resolverClasses,
    orphanedTypes: [UserErrorType],
    // The rules of input live in services; class-validator would echo refused passwords.
    validate: false,
    // Payloads get their `errors` below; the finished schema is checked at the end.
    skipCheck: true,
  });
  const answering = answerRefusals(describeRoots(declareDirectives(resolvers)));
  const limiting = limitFields(answering, {
    key: async (name, ctx, args, operation) =>
      limitKey(name, await limitIdentities[name](ctx, args, operation)),
    denial: (name, ctx, freeInMilliseconds) => rateLimited(ctx, name, freeInMilliseconds),
  });
  const guarded = guardRootFields(limiting);
  const plain = resolvePlainly(observeRootFields(guarded), {
    'Image.url': imageUrl,
    'User.avatar': avatar,
    'User.roleNames': roleNames,
  });
  const schema = blankPrivateFields(plain, maySeePrivateFields);
  assertValidSchema(schema);
  return schema;
}

const rootDescriptions: Readonly<Record<string, string>> = {
  Query: 'What can be asked. Asking changes nothing.',
  Mutation: 'What can be changed: all of an operation, or none of it.',
};

/** TypeGraphQL makes the root types itself and has no place for their descriptions. */
function describeRoots(schema: GraphQLSchema): GraphQLSchema {
  return mapSchema(schema, {
    [MapperKind.ROOT_OBJECT]: (type) =>
      new GraphQLObjectType({ ...type.toConfig(), description: rootDescriptions[type.name] }),
  });
}
