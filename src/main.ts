import { pino } from 'pino';
import { ConfigError, readConfig } from './config.ts';
import { EmbeddedDatabaseError } from './database/embedded.ts';
import { startServer, type RunningServer } from './server.ts';

// Orchestrators give a stopping process some thirty seconds before they kill it.
const stopDeadlineMilliseconds = 25_000;

function announce({ url, databaseName }: RunningServer): void {
  process.stdout.write(
    [`Gatehouse   ${url}/graphql`, `Playground  ${url}/`, `Database    ${databaseName}`, ''].join(
      '\n',
    ),
  );
}

/** Stops once, on the first signal; a second one does not wait for requests in flight. */
function stopOnSignals(server: RunningServer): void {
  let stopping = false;
  const stop = (signal: NodeJS.Signals) => {
    if (stopping) process.exit(1);
    stopping = true;
    setTimeout(() => process.exit(1), stopDeadlineMilliseconds).unref();
    server.close().then(
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
function explain(error: unknown): string {
  if (error instanceof ConfigError || error instanceof EmbeddedDatabaseError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

try {
  const config = readConfig();
  const server = await startServer(config, pino({ level: config.logLevel }));
  stopOnSignals(server);
  announce(server);
} catch (error) {
  process.stderr.write(`Gatehouse could not start. ${explain(error)}\n`);
  process.exit(1);
}
