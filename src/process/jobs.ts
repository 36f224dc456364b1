import { startWorkers, type Tasks } from '../adapters/graphile-worker.ts';
import { removeImageFiles } from '../features/avatar/image-files.service.ts';
import { makeVariants } from '../features/avatar/variants.service.ts';
import { answerConfirmationRequest } from '../features/email/confirmation.service.ts';
import {
  abandonedAfterSeconds,
  freeAbandonedJobs,
  scheduleSweep,
  type JobHandlers,
} from '../features/job/job.service.ts';
import { locateRegistration } from '../features/location/location.service.ts';
import { deliverMail } from '../features/mail/mail.service.ts';
import { answerResetRequest } from '../features/recovery/password-reset.service.ts';
import { deliverWebhook } from '../features/webhook-delivery/delivering.service.ts';
import {
  createDeliveryPlaces,
  deliveriesAtOnce,
  type DeliveryPlaces,
} from '../features/webhook-delivery/delivery-places.rules.ts';
import { deliveryJobFlag } from '../features/webhook-event/webhook-event.rules.ts';
import { systemContext, type Service } from './service.ts';
import { sweep } from './sweeping.ts';
import { traced } from '../tracing.ts';

const sweepMilliseconds = 60_000;
// Jobs wait for others, for a provider of mail most of all: a few at a time are many a second.
const jobsAtOnce = 4;

/** Works off jobs in this process until stopped; stopping waits for those under way. */
export async function startJobs(service: Service): Promise<() => Promise<void>> {
  // With a database of our own nobody else is at work: what is taken was taken before a crash.
  await freeAbandonedJobs(
    service.dataSource.manager,
    service.ownsDatabase ? 0 : abandonedAfterSeconds,
  );
  const pool = service.directPool;
  const places = createDeliveryPlaces();
  const { 'deliver-webhook': deliver, ...others } = observed(handlersOf(service, places), service);
  // Apart, so that receivers who take their time to fail do not keep mail waiting.
  const delivering = {
    atOnce: deliveriesAtOnce,
    passedOver: () => places.full().map(deliveryJobFlag),
  };
  const stopDelivering = startWorkers(
    pool,
    { 'deliver-webhook': deliver },
    delivering,
    service.log,
  );
  const stopWorkers = startWorkers(pool, others, { atOnce: jobsAtOnce }, service.log);
  const stopSweeps = keepSweeping(service);
  service.log.debug('jobs are worked off here');
  return async () => {
    await stopSweeps();
    await Promise.all([stopWorkers(), stopDelivering()]);
  };
}

/** Asks for a sweep every minute, until stopped. Every instance does; one sweep comes of it. */
function keepSweeping({ db, log }: Service): () => Promise<void> {
  let asked = Promise.resolve();
  const ask = () => {
    asked = scheduleSweep(db).catch((error: unknown) => {
      log.warn({ err: error }, 'no sweep could be scheduled; the next try is in a minute');
    });
  };
  ask();
  const timer = setInterval(ask, sweepMilliseconds);
  timer.unref();
  return () => {
    clearInterval(timer);
    return asked;
  };
}

function handlersOf(service: Service, places: DeliveryPlaces): JobHandlers {
  return {
    'send-mail': ({ mailId }, attempt) => deliverMail(systemContext(service), mailId, attempt),
    'answer-confirmation-request': ({ sealed }) =>
      answerConfirmationRequest(systemContext(service), sealed),
    'answer-reset-request': ({ sealed }) => answerResetRequest(systemContext(service), sealed),
    'locate-registration': ({ userId }, attempt) =>
      locateRegistration(systemContext(service), userId, attempt),
    'make-variants': ({ imageId }, attempt) =>
      makeVariants(systemContext(service), imageId, attempt),
    'remove-image-files': ({ imageId }) => removeImageFiles(service, imageId),
    'deliver-webhook': ({ deliveryId: id, webhookId }) =>
      deliverWebhook(systemContext(service), places, { id, webhookId }),
    sweep: () => sweep(service),
  };
}

type JobTasks = Record<keyof JobHandlers, Tasks[string]>;

/** The same handlers, whose tries are counted, timed and traced as part of what caused the job. */
function observed(handlers: JobHandlers, { metrics, ports }: Service): JobTasks {
  const observe = ([task, work]: [string, Tasks[string]]): [string, Tasks[string]] => [
    task,
    async (data, attempt) => {
      const begun = performance.now();
      const finish = (outcome: 'ok' | 'failed') =>
        metrics.jobFinished(task, outcome, (performance.now() - begun) / 1000);
      const parent = (data as { readonly traceparent?: string }).traceparent;
      const step = { name: `job ${task}`, kind: 'consumer', parent } as const;
      try {
        await traced(ports.tracer, step, () => work(data, attempt));
        finish('ok');
      } catch (error) {
        finish('failed');
        throw error;
      }
    },
  ];
  return Object.fromEntries(Object.entries<Tasks[string]>(handlers).map(observe)) as JobTasks;
}
