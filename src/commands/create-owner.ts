import { createOwner } from '../features/registration/owner.service.ts';
import { ErrorCode, Refusal } from '../errors.ts';
import { CommandError, exitCode, type Command } from './command.ts';
import { explainFailure } from './failure.ts';
import { onService } from './database.ts';
import { readNewPassword } from './password-prompt.ts';

export const createOwnerCommand: Command = {
  operands: ['EMAIL'],
  description: [
    'Makes the Owner of an installation that never had one. The password is asked for, or read',
    'from the first line of standard input.',
    '',
    'With --force it makes one more Owner, for when the last is lost. An account that has this',
    'address already becomes an active, confirmed Owner with this password, its sessions end, and',
    'the audit log says that it was the command line.',
  ].join('\n'),
  options: {
    force: { type: 'boolean', help: 'even though there was an Owner, or the account exists' },
  },
  async run({ operands: [email = ''], options, output }) {
    const password = await readNewPassword();
    const { userId, existed } = await onService((ctx) =>
      createOwner(ctx, { email, password }, options.force === true),
    ).catch((error: unknown) => {
      throw isForForce(error) ? new CommandError(`${explainFailure(error)}\n${advice}`) : error;
    });
    const words = existed ? `${email} is now an Owner.` : `${email} was made, as Owner.`;
    output.finish({ userId, existed }, words);
    return exitCode.done;
  },
};

const advice = 'If that is what you want: --force makes one more Owner, of an old account too.';

function isForForce(error: unknown): boolean {
  if (!(error instanceof Refusal)) return false;
  return error.errors.some(({ code }) => codesForForce.includes(code));
}

const codesForForce = [ErrorCode.OWNER_ROLE_PROTECTED, ErrorCode.TAKEN];
