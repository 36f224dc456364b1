import type { Logger } from 'pino';
import type { Config } from '../config/config.ts';
import { openDatabase, type OpenDatabase } from '../database/open.ts';
import { freeAbandonedJobs } from '../features/job/job.service.ts';
import { withoutValues } from '../logging.ts';
import type { Announcement } from '../server.ts';
import { Crew } from './crew.ts';

/**
 * Serves with `WORKERS` processes behind one port. This one serves nobody: it opens the database,
 * which must have one owner, brings its schema up to date before anybody serves, and sees to it
 * that so many processes are there until told to close.
 */
export async function startWorkers(
  config: Config,
  fullLog: Logger,
): Promise<Announcement & { close(): Promise<void> }> {
  const log = withoutValues(fullLog);
  const database = await openDatabase(config, log, 'own');
  const crew = new Crew(environmentOf(config, database), log);
  const close = async () => {
    await crew.stop();
    await database.close();
  };
  try {
    // With a database of our own nobody else is at work: what is taken was taken before a crash.
    if (database.owned) await freeAbandonedJobs(database.dataSource.manager, 0);
    const [first] = await crew.start(config.workers);
    return {
      url: first?.url ?? '',
      mailProvider: first?.mailProvider,
      databaseName: database.name,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The embedded server takes so many connections, of which every process keeps one to listen. */
const embeddedConnections = 80;

/** What the processes cannot know themselves: where the embedded database is, and their share of it. */
function environmentOf(config: Config, database: OpenDatabase): Record<string, string> {
  if (!database.owned) return {};
  const share = Math.floor(embeddedConnections / config.workers) - 1;
  const poolSize = Math.max(4, Math.min(config.database.poolSize, share));
  return { DATABASE_URL: database.directUrl, DATABASE_POOL_SIZE: String(poolSize) };
}
