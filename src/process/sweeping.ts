import { rotateSigningKeys } from '../features/access-token/signing-key.service.ts';
import { sweepFormerSecrets } from '../features/api-key/api-key.service.ts';
import { sweepAuditEvents } from '../features/audit/audit.service.ts';
import { sweepLooseImages } from '../features/avatar/image-files.service.ts';
import {
  abandonedAfterSeconds,
  freeAbandonedJobs,
  sweepJobs,
} from '../features/job/job.service.ts';
import { failAbandonedMails, sweepMails } from '../features/mail/mail.service.ts';
import { sweepTokens } from '../features/one-time-token/one-time-token.service.ts';
import { sweepRateLimits } from '../features/rate-limit/rate-limit.store.ts';
import { sweepSessions } from '../features/session/session.service.ts';
import {
  resumeLostDeliveries,
  sweepDeliveries,
} from '../features/webhook-delivery/webhook-delivery.service.ts';
import { systemContext, type Service } from './service.ts';

// So many batches of one kind at most in one sweep: the rest waits for the next, in a minute.
const maxBatches = 20;
// Nor does one sweep go on until the next begins: a statement more may take thirty seconds, and a job
// has a minute.
const maxMilliseconds = 25_000;

/**
 * Deletes what has run out: sessions, mailed tokens, former secrets of API keys, counters of limits,
 * mails, jobs, audit entries, deliveries of webhooks and pictures that are nobody's past their time.
 * In batches that skip rows somebody is using, so that nobody waits for a sweep. Also frees jobs
 * whose worker was killed, and makes the next signing key when it is time.
 */
export async function sweep(service: Service): Promise<void> {
  const { dataSource, config, db, ports } = service;
  const deadline = Date.now() + maxMilliseconds;
  await freeAbandonedJobs(dataSource.manager, abandonedAfterSeconds);
  await failAbandonedMails(dataSource);
  const sweeps: readonly (() => Promise<number>)[] = [
    () => sweepRateLimits(dataSource),
    () => sweepSessions(dataSource, config.session.idleSeconds),
    () => sweepTokens(dataSource),
    () => sweepFormerSecrets(dataSource),
    () => sweepMails(dataSource),
    () => sweepJobs(dataSource.manager),
    () => sweepAuditEvents(dataSource, config.auditRetentionDays),
    () => resumeLostDeliveries(systemContext(service)),
    () => sweepDeliveries(dataSource, config.webhooks.retentionDays),
    () => rotateSigningKeys(systemContext(service)),
    // Last, for it fails while the storage is away.
    () => sweepLooseImages({ db, ports }),
  ];
  for (const sweepBatch of sweeps) {
    for (let batch = 0; batch < maxBatches; batch += 1) {
      if (Date.now() > deadline || (await sweepBatch()) === 0) break;
    }
  }
}
