import { transaction } from '../context.ts';
import { assignRolesToExistingUsers } from '../features/role-assignment/backfill.service.ts';
import { exitCode, type Command } from './command.ts';
import { onService } from './database.ts';

export const rolesBackfillCommand: Command = {
  operands: [],
  description: [
    'Gives every user who has no role the default one. While there is no active Owner, the oldest',
    'active one of them becomes Owner instead; with --no-owner nobody does.',
  ].join('\n'),
  options: { 'no-owner': { type: 'boolean', help: 'make nobody an Owner' } },
  async run({ options, output }) {
    const backfill = await onService((ctx) =>
      transaction(ctx, async (ctx) => {
        // A million users take longer than a request may.
        await ctx.db.query('SET LOCAL statement_timeout = 0');
        return assignRolesToExistingUsers(ctx, options['no-owner'] !== true);
      }),
    );
    const { assignedOwner, assignedUsers, totalProcessed } = backfill;
    const words = `${totalProcessed.toLocaleString('en')} users had no role`;
    const given = `${assignedUsers.toLocaleString('en')} got the default one`;
    output.finish({ ...backfill }, `${words}: ${given}, ${assignedOwner} became Owner.`);
    return exitCode.done;
  },
};
