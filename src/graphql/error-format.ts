import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { QueryFailedError } from 'typeorm';
import type { Ctx } from '../context.ts';
import { Denial, Refusal } from '../errors.ts';

// The last is TypeORM's word for a transaction whose connection broke between two statements.
const unavailable =
  /timeout exceeded when trying to connect|Connection terminated|Client was closed|not queryable|already released/i;

/**
 * The codes of PostgreSQL and of sockets that mean: not now. SQLSTATE 08, 53 and 57P are lost or
 * refused connections; 28, 3D and 55000 are what a database that lets nobody in answers. 40P01 is a
 * transaction that waited for another which waited for it: nothing of it is left, and the other goes on.
 */
function isPassing(error: unknown): boolean {
  const cause: unknown = error instanceof QueryFailedError ? error.driverError : error;
  if (!(cause instanceof Error)) return false;
  const code = 'code' in cause ? String(cause.code) : '';
  if (/^(08|28|3D|40P01|53|55000|57P|ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND)/.test(code))
    return true;
  return unavailable.test(cause.message);
}

/** A database that cannot be reached, or not now, is to the caller a server that is busy. */
function denialOf(error: unknown): Denial | undefined {
  if (error instanceof Denial) return error;
  if (!isPassing(error)) return undefined;
  return new Denial('SERVER_BUSY', 'The server is busy; try again in a moment.', {}, error);
}

/** Whose error it is. */
type Asked = Pick<Ctx, 'log' | 'requestId'>;

interface Report {
  readonly message: string;
  readonly extensions: Record<string, unknown>;
}

/**
 * What the caller is told, and what the log: denials with their code and details, a refusal of a
 * query as bad input, and of a fault nothing but the id under which the log has it.
 */
function report(error: unknown, ctx: Asked): Report {
  const denial = denialOf(error);
  if (denial !== undefined) {
    if (denial.code === 'SERVER_BUSY') ctx.log.error({ err: denial.cause }, denial.message);
    const extensions = { ...denial.details, code: denial.code, http: httpOf(denial) };
    return { message: denial.message, extensions };
  }
  if (error instanceof Refusal) {
    const messages = error.errors.map(({ field, message }) => `${field ?? 'input'}: ${message}`);
    return { message: messages.join('; '), extensions: { code: 'BAD_USER_INPUT' } };
  }
  ctx.log.error({ err: error }, 'unforeseen error');
  const message = `Something went wrong. The log has it under ${ctx.requestId}.`;
  return { message, extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: ctx.requestId } };
}

/** Apollo Server takes status and headers of the response from an error's `extensions.http`. */
function httpOf({ code, details }: Denial): { status?: number; headers: Map<string, string> } {
  const { retryAfter } = details;
  const headers = new Map<string, string>();
  if (retryAfter !== undefined) headers.set('retry-after', String(retryAfter));
  return code === 'SERVER_BUSY' ? { status: 503, headers } : { headers };
}

/** What the whole request is answered with when nothing of it was run. */
const requestStatuses: Readonly<Record<string, number>> = {
  RATE_LIMITED: 429,
  UNAUTHENTICATED: 401,
};

/** An error from outside the execution of an operation, with the status it ends the request in. */
export function asRequestError(error: unknown, ctx: Asked): GraphQLError {
  if (error instanceof GraphQLError) return error; // it was told of and logged when it was made
  const { message, extensions } = report(error, ctx);
  const status = requestStatuses[String(extensions.code)] ?? 500;
  const http = { status, ...(extensions.http ?? {}) };
  return new GraphQLError(message, { extensions: { ...extensions, http } });
}

/**
 * GraphQL's words about a value it cannot take, without the value. They quote all of an input,
 * the password in it as well, and what a client is told ends up in the logs of front ends.
 */
function withoutQuotedValue({ message, originalError }: GraphQLError): string {
  const [, variable] = /^Variable "\$(\w+)" got invalid value /.exec(message) ?? [];
  if (variable === undefined || originalError === undefined) return withoutValue(message);
  const reason = `; ${originalError.message}`;
  const quoted = message.endsWith(reason) ? message.slice(0, -reason.length) : message;
  // A value in front of it cannot end like this: its own quotation marks are escaped.
  const [place = ''] = / at "[\w.[\]]+"$/.exec(quoted) ?? [];
  return `Variable "$${variable}" got an invalid value${place}${withoutValue(reason)}`;
}

function withoutValue(message: string): string {
  return message
    .replace(/^((?:.*[;.] )?\w+ cannot represent [\w -]*value): .*$/s, '$1.')
    .replace(/^(Expected value of type "[^"]+"), found .*$/s, '$1.');
}

/** Rewrites the errors of an execution in place, as the caller may see them. */
export function rewriteErrors(errors: readonly GraphQLError[], ctx: Asked): void {
  for (const error of errors) {
    const { originalError } = error;
    if (originalError === undefined || originalError instanceof GraphQLError) {
      error.message = withoutQuotedValue(error);
      continue;
    }
    const { message, extensions } = report(originalError, ctx);
    error.message = message;
    Object.assign(error.extensions, extensions);
  }
}

/** Apollo Server has names of its own for a request that cannot be read; the contract has one. */
export function withOurCode(error: GraphQLFormattedError): GraphQLFormattedError {
  const code = String(error.extensions?.code);
  if (!['BAD_REQUEST', 'OPERATION_RESOLUTION_FAILURE'].includes(code)) return error;
  return { ...error, extensions: { ...error.extensions, code: 'BAD_USER_INPUT' } };
}

/**
 * Without the names that GraphQL proposes for a misspelt one: by them the schema could be guessed
 * that strangers are not shown. Apollo Server takes them from what is wrong with documents only,
 * and not from what is wrong with variables.
 */
export function withoutSuggestion(error: GraphQLFormattedError): GraphQLFormattedError {
  return { ...error, message: error.message.replace(/ ?Did you mean .+\?$/s, '') };
}
