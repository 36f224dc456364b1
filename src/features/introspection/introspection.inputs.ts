import { GraphQLDateTime } from 'graphql-scalars';
import { Field, ObjectType, registerEnumType } from 'type-graphql';
import { Role } from '../role/role.entity.ts';
import { Session } from '../session/session.entity.ts';
import { FingerprintReason, FingerprintStatus } from '../session/session.rules.ts';
import { User } from '../user/user.entity.ts';

registerEnumType(FingerprintStatus, {
  name: 'FingerprintStatus',
  description: 'How the device a session is used on compares with the one it was opened on.',
  valuesConfig: {
    OK: { description: 'Alike, as far as both are known.' },
    WARNING: { description: 'The address or the user agent differs.' },
    MISMATCH: { description: 'Both differ: the token may have been carried off.' },
    TOKEN_NOT_FOUND: { description: 'The token is of no live session of an active user.' },
  },
});

registerEnumType(FingerprintReason, {
  name: 'FingerprintReason',
  description: 'What differs.',
  valuesConfig: {
    IP_MISMATCH: { description: 'The address.' },
    USER_AGENT_MISMATCH: { description: 'The user agent.' },
    FINGERPRINT_MISMATCH: { description: 'Both.' },
  },
});

@ObjectType({ description: 'A device compared with the one a session was opened on.' })
export class FingerprintCheck {
  @Field(() => FingerprintStatus, { description: 'The outcome.' })
  status!: FingerprintStatus;

  @Field(() => FingerprintReason, { nullable: true, description: 'What differs, if anything.' })
  reason!: FingerprintReason | null;
}

@ObjectType({ description: 'What a session token is good for at this moment.' })
export class Introspection {
  @Field(() => Boolean, {
    description:
      'Whether it is of a live session of an active user; everything else is null if not.',
  })
  active!: boolean;

  @Field(() => User, { nullable: true, description: 'Whose session it is.' })
  user!: User | null;

  @Field(() => Session, { nullable: true, description: 'The session.' })
  session!: Session | null;

  @Field(() => [Role], { nullable: true, description: 'The roles of the user, by name.' })
  roles!: readonly Role[] | null;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'When the session ends at last.' })
  expiresAt!: Date | null;

  @Field(() => FingerprintCheck, {
    nullable: true,
    description: 'How the named device compares; null when none was named. Ends no session.',
  })
  fingerprint!: FingerprintCheck | null;
}
