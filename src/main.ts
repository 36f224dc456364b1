import cluster from 'node:cluster';
import { pino, type Logger } from 'pino';
import { serveAsWorker } from './cluster/worker.ts';
import { readConfig, type Config } from './config/config.ts';
import { explain, stopOnSignals } from './process/process.ts';
import { startServer, type Announcement } from './server.ts';

function announce({ url, mailProvider, databaseName }: Announcement): void {
  const lines = [
    `Gatehouse   ${url}/graphql`,
    `Playground  ${url}/`,
    mailProvider ? `Mail        ${mailProvider}` : `Mailbox     ${url}/dev/mailbox`,
    `Database    ${databaseName}`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

interface Closing {
  close(): Promise<void>;
}

async function start(config: Config, log: Logger): Promise<Announcement & Closing> {
  if (config.workers === 1) return startServer(config, log);
  const { startWorkers } = await import('./cluster/primary.ts');
  return startWorkers(config, log);
}

try {
  const config = readConfig();
  const log = pino({ level: config.logLevel });
  if (cluster.isWorker) {
    await serveAsWorker(config, log);
  } else {
    const server = await start(config, log);
    stopOnSignals(() => server.close());
    announce(server);
  }
} catch (error) {
  process.stderr.write(`Gatehouse could not start. ${explain(error)}\n`);
  process.exit(1);
}
