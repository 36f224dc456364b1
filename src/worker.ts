import { pino } from 'pino';
import { ConfigError, readConfig } from './config/config.ts';
import { startJobs } from './process/jobs.ts';
import { withoutValues } from './logging.ts';
import { explain, stopOnSignals } from './process/process.ts';
import { openService } from './process/service.ts';

/**
 * Works off jobs and nothing else, beside servers that run with `RUN_JOBS=false`. It needs their
 * database: the embedded one belongs to the server that started it.
 */
try {
  const config = readConfig();
  if (config.database.url === undefined) {
    throw new ConfigError(['DATABASE_URL is not set; accepted: the database of the servers']);
  }
  const service = await openService(config, withoutValues(pino({ level: config.logLevel })));
  const stopJobs = await startJobs(service).catch(async (error: unknown) => {
    await service.close();
    throw error;
  });
  stopOnSignals(async () => {
    await stopJobs();
    await service.close();
  });
  process.stdout.write(`Worker      ${service.databaseName}\n`);
} catch (error) {
  process.stderr.write(`The worker could not start. ${explain(error)}\n`);
  process.exit(1);
}
