import {
  Arg,
  Ctx as Context,
  Directive,
  Field,
  FieldResolver,
  ID,
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import type { Ctx } from '../../context.ts';
import { requirePage } from '../../graphql/page.ts';
import { User } from '../user/user.entity.ts';
import { userById } from '../user/user.loaders.ts';
import { countMails, listMails, retryMail } from './mail-record.service.ts';
import { Mail } from './mail.entity.ts';
import { mailStateNames, type MailState } from './mail.rules.ts';

@ObjectType({ description: 'One page of a list of mails.' })
class MailPage {
  @Field(() => [Mail], { description: 'The mails on this page.' })
  nodes!: Mail[];

  @Field(() => Int, { description: 'Which page this is, from 1.' })
  page!: number;

  @Field(() => Int, { description: 'Mails on a full page.' })
  pageSize!: number;

  state!: MailState | null;
  /** Counted once, when the first field asks. */
  total?: Promise<number>;
}

@Resolver(() => MailPage)
export class MailPageResolver {
  @FieldResolver(() => Int, { description: 'Mails on all pages. Costs a count.' })
  totalCount(@Root() page: MailPage, @Context() ctx: Ctx): Promise<number> {
    return (page.total ??= countMails(ctx, page.state));
  }

  @FieldResolver(() => Int, { description: 'How many pages there are, at least 1. Costs a count.' })
  async totalPages(@Root() page: MailPage, @Context() ctx: Ctx): Promise<number> {
    return Math.max(1, Math.ceil((await this.totalCount(page, ctx)) / page.pageSize));
  }
}

@ObjectType({ description: 'The outcome of an operation on a mail.' })
class MailPayload {
  @Field(() => Mail, { nullable: true, description: 'The mail as it is now.' })
  mail!: Mail | null;
}

@Resolver(() => Mail)
export class MailResolver {
  @Directive('@auth(requires: ADMIN)')
  @Query(() => MailPage, { description: 'Mails sent, failed and to be sent, newest first.' })
  async mails(
    @Arg('state', () => mailStateNames, { nullable: true, description: 'Only those this far.' })
    state: MailState | null,
    @Arg('page', () => Int, { nullable: true, defaultValue: 1, description: 'Which page, from 1.' })
    page: number | null,
    @Arg('pageSize', () => Int, {
      nullable: true,
      defaultValue: 10,
      description: 'Mails on a page, from 1 to 100.',
    })
    pageSize: number | null,
    @Context() ctx: Ctx,
  ): Promise<MailPage> {
    const wanted = requirePage({ page: page ?? 1, pageSize: pageSize ?? 10 });
    const only = state ?? null;
    return { nodes: await listMails(ctx, only, wanted), ...wanted, state: only };
  }

  @Directive('@auth(requires: ADMIN)')
  @Mutation(() => MailPayload, { description: 'Has a failed mail sent once more.' })
  async retryMail(
    @Arg('id', () => ID, { description: 'Which mail.' }) id: string,
    @Context() ctx: Ctx,
  ): Promise<MailPayload> {
    return { mail: await retryMail(ctx, id) };
  }

  @FieldResolver(() => User, {
    nullable: true,
    description: 'Whose account it is about; null when there is none.',
  })
  user(@Root() mail: Mail, @Context() ctx: Ctx): Promise<User | null> | null {
    return mail.userId && userById(ctx).load(mail.userId);
  }
}
