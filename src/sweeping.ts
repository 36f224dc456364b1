import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import type { Config } from './config.ts';
import { sweepAuditEvents } from './features/audit/audit.service.ts';
import { sweepRateLimits } from './features/rate-limit/rate-limit.store.ts';
import { sweepSessions } from './features/session/session.service.ts';

const intervalMilliseconds = 60_000;

/**
 * Deletes once a minute what has run out: sessions, counters of limits, audit entries past their
 * time. Each sweep is a batch that skips rows another instance is deleting, so that all may
 * sweep. Answers how to stop; stopping waits for a sweep under way.
 */
export function startSweeping(
  config: Config,
  dataSource: DataSource,
  log: Logger,
): () => Promise<void> {
  let running: Promise<void> = Promise.resolve();
  const sweep = async () => {
    try {
      await sweepRateLimits(dataSource);
      await sweepSessions(dataSource, config.session.idleSeconds);
      await sweepAuditEvents(dataSource, config.auditRetentionDays);
    } catch (error) {
      log.error({ err: error }, 'a sweep failed; the next is in a minute');
    }
  };
  const timer = setInterval(() => {
    running = running.then(sweep);
  }, intervalMilliseconds).unref();
  return async () => {
    clearInterval(timer);
    await running;
  };
}
