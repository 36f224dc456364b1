import type { Logger } from 'pino';
import type { Exposition } from '../adapters/prometheus-sum.ts';
import type { Config } from '../config/config.ts';
import { explain, stopDeadlineMilliseconds } from '../process/process.ts';
import { startServer, type RunningServer } from '../server.ts';
import type { FromWorker, ToWorker } from './messages.ts';

/**
 * Serves as one of several processes behind a port, until told to stop. When the process that
 * started it is gone, however it ended, Node ends this one with it: nobody would stop it else.
 */
export async function serveAsWorker(config: Config, log: Logger): Promise<void> {
  const metrics = new MetricsOfAll();
  let server: RunningServer | undefined;
  let isStopping = false;
  const stop = () => {
    if (server === undefined) process.exit(0); // nobody has been served yet
    if (!isStopping) endAfter(server.close());
    isStopping = true;
  };
  // Ctrl-C reaches every process of a terminal: the one that started us says what is to be done.
  process.on('SIGINT', () => undefined).on('SIGTERM', stop);
  process.on('message', (message: ToWorker) => {
    if (message.kind === 'stop') stop();
    if (message.kind === 'tell metrics') void tellMetrics(server, message.question);
    if (message.kind === 'all metrics') metrics.answer(message.question, message.exposition);
  });
  try {
    server = await startServer(config, log, { exposeMetrics: () => metrics.ask() });
    await tell({ kind: 'listening', url: server.url, mailProvider: server.mailProvider });
  } catch (error) {
    await tell({ kind: 'failed', message: explain(error) });
    process.exit(1);
  }
}

function endAfter(closed: Promise<void>): void {
  setTimeout(() => process.exit(1), stopDeadlineMilliseconds).unref();
  closed.then(
    () => process.exit(0),
    (error: unknown) => {
      process.stderr.write(`Stopping failed: ${String(error)}\n`);
      process.exit(1);
    },
  );
}

async function tellMetrics(server: RunningServer | undefined, question: number): Promise<void> {
  const metrics = (await server?.collectMetrics()) ?? [];
  await tell({ kind: 'own metrics', question, metrics });
}

/** Asks for what all processes have counted together. */
class MetricsOfAll {
  readonly #waiting = new Map<number, (exposition: Exposition) => void>();
  #lastQuestion = 0;

  ask(): Promise<Exposition> {
    const question = (this.#lastQuestion += 1);
    return new Promise((resolve) => {
      this.#waiting.set(question, resolve);
      void tell({ kind: 'ask for metrics', question });
    });
  }

  answer(question: number, exposition: Exposition): void {
    this.#waiting.get(question)?.(exposition);
    this.#waiting.delete(question);
  }
}

/** Resolves when it has been sent. When nobody is there to hear it, this process is about to end. */
function tell(message: FromWorker): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined) resolve();
    else process.send(message, undefined, undefined, () => resolve());
  });
}
