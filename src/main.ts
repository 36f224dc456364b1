import { pino } from 'pino';
import { readConfig } from './config.ts';
import { explain, stopOnSignals } from './process.ts';
import { startServer, type RunningServer } from './server.ts';

function announce({ url, mailProvider, databaseName }: RunningServer): void {
  const lines = [
    `Gatehouse   ${url}/graphql`,
    `Playground  ${url}/`,
    mailProvider ? `Mail        ${mailProvider}` : `Mailbox     ${url}/dev/mailbox`,
    `Database    ${databaseName}`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

try {
  const config = readConfig();
  const server = await startServer(config, pino({ level: config.logLevel }));
  stopOnSignals(() => server.close());
  announce(server);
} catch (error) {
  process.stderr.write(`Gatehouse could not start. ${explain(error)}\n`);
  process.exit(1);
}
