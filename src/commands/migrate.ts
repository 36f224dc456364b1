import { exitCode, type Command } from './command.ts';
import { onService } from './database.ts';

export const migrateCommand: Command = {
  operands: [],
  description: [
    'Brings the schema of the database up to date. A server does the same when it starts, and so',
    'does every other command; this is for those who want it done before.',
  ].join('\n'),
  options: {},
  run: ({ output }) =>
    onService(async (_, { databaseName }) => {
      output.finish({ database: databaseName }, `Up to date: ${databaseName}.`);
      return exitCode.done;
    }),
};
