import { pino, type Logger } from 'pino';

/**
 * The same logger, whose errors tell what went wrong but not with which values: a statement that
 * failed carries its parameters, and what PostgreSQL says of the place the row, hashes and addresses
 * among them.
 */
export function withoutValues(log: Logger): Logger {
  return log.child({}, { serializers: { err: serializeError } });
}

// The driver's own error stands once more, whole, in TypeORM's.
const withValues = ['parameters', 'detail', 'where', 'driverError'];

function serializeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const told = Object.entries(pino.stdSerializers.err(error));
  return Object.fromEntries(told.filter(([property]) => !withValues.includes(property)));
}
