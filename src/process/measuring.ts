import { setTimeout as pause } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import type { BcryptPool } from '../adapters/bcrypt-pool.ts';
import type { MeasuredState } from '../adapters/prometheus.ts';
import { poolOf } from '../database/data-source.ts';
import { countJobs } from '../features/job/job.service.ts';
import { estimateSessions } from '../features/session/session.service.ts';

// A scrape has ten seconds by default, and tells most while the database is away.
const patienceMilliseconds = 1_000;

/** What the metrics show of the moment in which they are asked for. */
export function measureState(
  dataSource: DataSource,
  passwords: Pick<BcryptPool, 'queued'>,
  memory: { readonly figures: MeasuredState['sessionMemory'] },
): MeasuredState {
  const pool = poolOf(dataSource);
  let asked: ReturnType<typeof readStored> | undefined;
  return {
    sessionMemory: memory.figures,
    passwordsQueued: () => passwords.queued,
    connections: () => ({
      total: pool.totalCount,
      idle: pool.idleCount,
      waiting: pool.waitingCount,
    }),
    // However many ask at once, and while one is waited for, one connection is enough.
    stored: () => {
      asked ??= readStored(dataSource).finally(() => (asked = undefined));
      return Promise.race([
        asked.catch(() => undefined),
        pause(patienceMilliseconds, undefined, { ref: false }),
      ]);
    },
  };
}

async function readStored({ manager }: DataSource) {
  return { jobs: await countJobs(manager), sessions: await estimateSessions(manager) };
}
