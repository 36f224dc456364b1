import { ArgsType, Field, Int, registerEnumType } from 'type-graphql';
import { GraphQLJSONObject } from 'graphql-scalars';
import type { UserFilter } from './user-filter.rules.ts';
import { UserSort } from './user.search.ts';

registerEnumType(UserSort, {
  name: 'UserSort',
  description: 'The order of a list of users. The id breaks ties.',
  valuesConfig: {
    CREATED_AT_DESC: { description: 'Newest first.' },
    CREATED_AT_ASC: { description: 'Oldest first.' },
    EMAIL_ASC: { description: 'By address, from A to Z.' },
    EMAIL_DESC: { description: 'By address, from Z to A.' },
  },
});

/** Which page of a list of users. */
@ArgsType()
export class UserPageArgs {
  @Field(() => Int, { nullable: true, defaultValue: 1, description: 'Which page, from 1.' })
  page!: number | null;

  @Field(() => Int, {
    nullable: true,
    defaultValue: 10,
    description: 'Users on a page, from 1 to 100.',
  })
  pageSize!: number | null;
}

/** Which users, in which order. */
@ArgsType()
export class UserFilterArgs implements UserFilter {
  @Field(() => String, { nullable: true, description: 'Only holders of this role.' })
  role?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Part of an address, username or name, of at least two characters.',
  })
  search?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Only active, or only inactive users.' })
  isActive?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Only confirmed, or only unconfirmed ones.',
  })
  confirmed?: boolean | null;

  @Field(() => GraphQLJSONObject, {
    nullable: true,
    description:
      'Only users whose custom fields have all these values: a text, number or Boolean each, or a ' +
      'list of what must all be checked.',
  })
  customFields?: Readonly<Record<string, unknown>> | null;

  @Field(() => UserSort, {
    nullable: true,
    defaultValue: UserSort.CREATED_AT_DESC,
    description: 'The order.',
  })
  sort!: UserSort | null;
}
