import { ConfigError } from '../config/config.ts';
import { EmbeddedDatabaseError } from '../database/embedded.ts';

// Orchestrators give a stopping process some thirty seconds before they kill it.
export const stopDeadlineMilliseconds = 25_000;

// Ctrl-C under `npm start` comes twice: from the terminal, and passed on by npm, which had it too.
const echoMilliseconds = 500;

/** What kept a process from starting, put into words already. */
export class StartError extends Error {}

/** Stops once, on the first signal; a later one does not wait for what is under way. */
export function stopOnSignals(close: () => Promise<void>): void {
  let stoppingSince: number | undefined;
  const stop = (signal: NodeJS.Signals) => {
    if (stoppingSince !== undefined) {
      if (performance.now() - stoppingSince < echoMilliseconds) return;
      process.exit(1);
    }
    stoppingSince = performance.now();
    setTimeout(() => process.exit(1), stopDeadlineMilliseconds).unref();
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`Stopping on ${signal} failed: ${String(error)}\n`);
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
}

/** What an operator can mend is told in one line; anything else with its stack. */
export function explain(error: unknown): string {
  // Of a name with several addresses, one error for each.
  if (error instanceof AggregateError) return error.errors.map(explain).join('; ');
  if (!(error instanceof Error)) return String(error);
  return isForOperators(error) ? error.message : (error.stack ?? error.message);
}

/** Ours, the system's (a port that is taken, a database that is not there), or PostgreSQL's no. */
function isForOperators(error: Error): boolean {
  const told = [ConfigError, EmbeddedDatabaseError, StartError];
  if (told.some((kind) => error instanceof kind)) return true;
  return 'syscall' in error || ('severity' in error && error.severity === 'FATAL');
}
