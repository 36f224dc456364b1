import { startWorkers } from './adapters/graphile-worker.ts';
import type { Ctx } from './context.ts';
import { poolOf } from './database/data-source.ts';
import { answerConfirmationRequest } from './features/email/confirmation.service.ts';
import {
  abandonedAfterSeconds,
  freeAbandonedJobs,
  type JobHandlers,
} from './features/job/job.service.ts';
import { deliverMail } from './features/mail/mail.service.ts';
import { answerResetRequest } from './features/recovery/password-reset.service.ts';
import { newId } from './identifiers.ts';
import type { Service } from './service.ts';
import { sweep } from './sweeping.ts';

// Once a minute, by whichever instance comes first; one that fails is not tried again.
const crontab = '* * * * * sweep ?max=1';

/** Works off jobs in this process until stopped; stopping waits for those under way. */
export async function startJobs(service: Service): Promise<() => Promise<void>> {
  // With a database of our own nobody else is at work: what is taken was taken before a crash.
  await freeAbandonedJobs(
    service.dataSource.manager,
    service.ownsDatabase ? 0 : abandonedAfterSeconds,
  );
  return startWorkers(poolOf(service.dataSource), handlersOf(service), crontab, service.log);
}

function handlersOf(service: Service): JobHandlers {
  return {
    'send-mail': ({ mailId }, attempt) => deliverMail(systemContext(service), mailId, attempt),
    'answer-confirmation-request': ({ sealed }) =>
      answerConfirmationRequest(systemContext(service), sealed),
    'answer-reset-request': ({ sealed }) => answerResetRequest(systemContext(service), sealed),
    sweep: () => sweep(service),
  };
}

/** The context of work nobody asked for at this moment. */
function systemContext({ config, db, ports, log }: Service): Ctx {
  return {
    config,
    db,
    ports,
    log,
    actor: { type: 'system' },
    client: { address: null, userAgent: null },
    requestId: newId(),
    loaders: new Map(),
  };
}
