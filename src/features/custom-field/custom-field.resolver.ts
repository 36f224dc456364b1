import {
  Arg,
  Ctx as Context,
  Directive,
  Field,
  FieldResolver,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import type { Ctx } from '../../context.ts';
import { CustomFieldDefinition, CustomFieldValidation } from './custom-field-definition.entity.ts';
import { DefineCustomFieldInput, UpdateCustomFieldInput } from './custom-field.inputs.ts';
import {
  defineField,
  listDefinitions,
  removeDefinition,
  reorderFields,
  updateDefinition,
} from './custom-field.service.ts';

@ObjectType({ description: 'The outcome of an operation on a custom field.' })
class CustomFieldDefinitionPayload {
  @Field(() => CustomFieldDefinition, {
    nullable: true,
    description: 'The definition as it is now; as it was, when it was removed.',
  })
  customFieldDefinition!: CustomFieldDefinition | null;
}

@ObjectType({ description: 'The outcome of putting custom fields in order.' })
class CustomFieldDefinitionsPayload {
  @Field(() => [CustomFieldDefinition], {
    nullable: true,
    description: 'All definitions, in their order.',
  })
  customFieldDefinitions!: CustomFieldDefinition[] | null;
}

const keyArgument = { description: 'The key of the field.' };

@Resolver(() => CustomFieldDefinition)
export class CustomFieldResolver {
  @Directive('@auth(requires: USER, scope: USERS_READ)')
  @Query(() => [CustomFieldDefinition], {
    description:
      'The custom fields in the order of forms; to users who do not administrate, the enabled ones.',
  })
  customFieldDefinitions(@Context() ctx: Ctx): Promise<CustomFieldDefinition[]> {
    return listDefinitions(ctx);
  }

  @Directive('@auth(requires: ADMIN)')
  @Mutation(() => CustomFieldDefinitionPayload, {
    description: 'Defines a custom field. What users have under its key already stays as it is.',
  })
  async defineCustomField(
    @Arg('input', () => DefineCustomFieldInput, { description: 'The field.' })
    input: DefineCustomFieldInput,
    @Context() ctx: Ctx,
  ): Promise<CustomFieldDefinitionPayload> {
    return { customFieldDefinition: await defineField(ctx, input) };
  }

  @Directive('@auth(requires: ADMIN)')
  @Mutation(() => CustomFieldDefinitionPayload, {
    description: 'Changes a custom field. It decides about later writes; no value is changed.',
  })
  async updateCustomFieldDefinition(
    @Arg('key', () => String, keyArgument) key: string,
    @Arg('input', () => UpdateCustomFieldInput, { description: 'What to change.' })
    input: UpdateCustomFieldInput,
    @Context() ctx: Ctx,
  ): Promise<CustomFieldDefinitionPayload> {
    return { customFieldDefinition: await updateDefinition(ctx, key, input) };
  }

  @Directive('@auth(requires: ADMIN)')
  @Mutation(() => CustomFieldDefinitionPayload, {
    description: 'Removes the definition of a custom field. What users have under its key stays.',
  })
  async removeCustomFieldDefinition(
    @Arg('key', () => String, keyArgument) key: string,
    @Context() ctx: Ctx,
  ): Promise<CustomFieldDefinitionPayload> {
    return { customFieldDefinition: await removeDefinition(ctx, key) };
  }

  @Directive('@auth(requires: ADMIN)')
  @Mutation(() => CustomFieldDefinitionsPayload, {
    description: 'Puts custom fields first in forms, in the order given; the others follow.',
  })
  async reorderCustomFields(
    @Arg('keys', () => [String], { description: 'Their keys.' }) keys: string[],
    @Context() ctx: Ctx,
  ): Promise<CustomFieldDefinitionsPayload> {
    return { customFieldDefinitions: await reorderFields(ctx, keys) };
  }

  @FieldResolver(() => CustomFieldValidation, { description: 'What values are held against.' })
  validation(@Root() { min, max, pattern }: CustomFieldDefinition): CustomFieldValidation {
    return { min, max, pattern };
  }
}
