import { pino } from 'pino';
import { readConfig } from '../config/config.ts';
import type { Ctx } from '../context.ts';
import { withoutValues } from '../logging.ts';
import { openService, systemContext, type Service } from '../process/service.ts';

/**
 * Does `work` on what the server stands on, with the server's own configuration: beside a server
 * that is running on the same folder or database, or alone. Closes all of it afterwards.
 */
export async function onService<T>(work: (ctx: Ctx, service: Service) => Promise<T>): Promise<T> {
  const config = readConfig();
  // Standard output is for what was asked for.
  const log = pino({ level: config.logLevel }, pino.destination(2));
  const service = await openService(config, withoutValues(log), 'shared');
  try {
    return await work(systemContext(service), service);
  } finally {
    await service.close();
  }
}
