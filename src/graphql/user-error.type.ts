import { Field, ObjectType, registerEnumType } from 'type-graphql';
import { ErrorCode, type UserError } from '../errors.ts';

registerEnumType(ErrorCode, {
  name: 'ErrorCode',
  description: 'Why an operation changed nothing.',
  valuesConfig: {
    REQUIRED: { description: 'A value is missing or blank.' },
    INVALID: { description: 'The value does not have the form it must have.' },
    TOO_SHORT: { description: 'The text has too few characters.' },
    TOO_LONG: { description: 'The text has too many characters or bytes.' },
    TAKEN: { description: 'The value belongs to someone else already.' },
    UNCHANGED: { description: 'The value is the one already stored.' },
    MISMATCH: { description: 'The repetition differs.' },
    TOO_COMMON: { description: 'The password is too well known: others would try it early.' },
    INVALID_CREDENTIALS: { description: 'Account and password do not go together.' },
    ACCOUNT_INACTIVE: { description: 'The account has been deactivated.' },
    INVALID_TOKEN: { description: 'The token is wrong, used, expired or meant for another.' },
    ALREADY_CONFIRMED: { description: 'The address is confirmed already.' },
    NOT_FOUND: { description: 'There is no such thing, or it is not yours to see.' },
    ROLE_NOT_FOUND: { description: 'There is no role of that name.' },
    OWNER_ROLE_PROTECTED: { description: 'Ownership is transferred, not assigned.' },
    ASSIGNMENT_NOT_FOUND: { description: 'The user does not hold the role.' },
    CANNOT_REMOVE_LAST_OWNER: { description: 'It would leave no active Owner.' },
    CANNOT_DEACTIVATE_LAST_OWNER: { description: 'It would leave no active Owner.' },
    NO_ROLE_TO_DEMOTE: { description: 'The user is neither Owner nor Admin.' },
    SYSTEM_ROLE_PROTECTED: { description: 'Owner, Admin and User cannot be changed.' },
    ROLE_IN_USE: { description: 'Somebody holds the role.' },
    INSUFFICIENT_PERMISSIONS: { description: 'It is above your rank, or about yourself.' },
    UNSUPPORTED_FILE: { description: 'The file is of no kind that is accepted.' },
    FILE_TOO_LARGE: { description: 'The file is larger than accepted.' },
    FINGERPRINT_MISMATCH: { description: 'The session is being used from somewhere else.' },
    UNKNOWN_FIELD: { description: 'There is no such field.' },
  },
});

@ObjectType('UserError', { description: 'One reason why nothing was changed.' })
export class UserErrorType implements UserError {
  @Field(() => ErrorCode, { description: 'The reason, for programs.' })
  code!: ErrorCode;

  @Field(() => String, {
    nullable: true,
    description: 'The path of the input it belongs to, in dots, such as `input.email`.',
  })
  field!: string | null;

  @Field(() => String, { description: 'The reason, for people; in English.' })
  message!: string;
}

@ObjectType({ description: 'What an operation would refuse, found without changing anything.' })
export class Validation {
  @Field(() => Boolean, { description: 'Whether nothing would be refused.' })
  valid!: boolean;

  @Field(() => [UserErrorType], { description: 'Every reason for which it would be refused.' })
  errors!: readonly UserError[];
}

@ObjectType({ description: 'The outcome of an operation that returns nothing else.' })
export class EmptyPayload {}
