import { Field, Float, InputType } from 'type-graphql';
import { GraphQLJSON } from 'graphql-scalars';
import type { JsonValue } from '../../json.ts';
import { CustomFieldTypes } from './custom-field-definition.entity.ts';
import type { CustomFieldType } from './custom-field.rules.ts';
import type { DefinitionChange, NewDefinition, Validation } from './custom-field.service.ts';

@InputType({
  description: 'What values are held against. What is absent stays as it is; null takes it away.',
})
class CustomFieldValidationInput implements Validation {
  @Field(() => Float, {
    nullable: true,
    description: 'The least number, or the fewest characters of a text.',
  })
  min?: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'The greatest number, or the most characters of a text.',
  })
  max?: number | null;

  @Field(() => String, {
    nullable: true,
    description:
      'A regular expression in the syntax of RE2, of at most 500 characters, that is to be found in a text; with `^` and `$` it is the whole text.',
  })
  pattern?: string | null;
}

@InputType({ description: 'A change of a custom field. What is absent stays as it is.' })
export class UpdateCustomFieldInput implements DefinitionChange {
  @Field(() => String, { nullable: true, description: 'Its name for people.' })
  label?: string | null;

  @Field(() => CustomFieldTypes, { nullable: true, description: 'What it holds.' })
  type?: CustomFieldType | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether it can be neither removed nor blank.',
  })
  required?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether it is in use.' })
  enabled?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether users may write it for themselves.',
  })
  userEditable?: boolean | null;

  @Field(() => [String], {
    nullable: true,
    description: 'What may be chosen, for `SELECT`, `RADIO` and `CHECKBOX`.',
  })
  options?: string[] | null;

  @Field(() => CustomFieldValidationInput, {
    nullable: true,
    description: 'What values are held against; null takes all of it away.',
  })
  validation?: CustomFieldValidationInput | null;

  @Field(() => GraphQLJSON, { nullable: true, description: 'What every new user has.' })
  defaultValue?: JsonValue;
}

@InputType({ description: 'A custom field to be.' })
export class DefineCustomFieldInput implements NewDefinition {
  @Field(() => String, {
    description: 'A lower-case letter, then lower-case letters, digits and `_`; at most 50.',
  })
  key!: string;

  @Field(() => String, { nullable: true, description: 'Its name for people; else the key.' })
  label?: string | null;

  @Field(() => CustomFieldTypes, { description: 'What it holds.' })
  type!: CustomFieldType;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Whether it can be neither removed nor blank.',
  })
  required?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: true,
    description: 'Whether it is in use.',
  })
  enabled?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Whether users may write it for themselves.',
  })
  userEditable?: boolean | null;

  @Field(() => [String], {
    nullable: true,
    description: 'What may be chosen, for `SELECT`, `RADIO` and `CHECKBOX`.',
  })
  options?: string[] | null;

  @Field(() => CustomFieldValidationInput, {
    nullable: true,
    description: 'What values are held against.',
  })
  validation?: CustomFieldValidationInput | null;

  @Field(() => GraphQLJSON, { nullable: true, description: 'What every new user has.' })
  defaultValue?: JsonValue;
}
