import {
  collectDefaultMetrics,
  Counter,
  Gauge,
  Histogram,
  Registry,
  type Aggregator,
} from 'prom-client';
import type { Metrics, Outcome } from '../tracing.ts';
import { addLists } from './prometheus-lists.ts';
import { addSessionMemory, type MemoryFigures } from './prometheus-sessions.ts';
import { exposeRegistry, type CollectedMetrics, type Exposition } from './prometheus-sum.ts';

/** What the service as a whole is counted by, beside what its requests and jobs are. */
export interface ServerMetrics extends Metrics {
  requestFinished(method: string, route: string, status: number, seconds: number): void;
  jobFinished(task: string, outcome: Exclude<Outcome, 'refused'>, seconds: number): void;
  passwordFinished(task: string, waitSeconds: number, seconds: number): void;
  passwordRefused(): void;
  /** Everything, as Prometheus reads it. */
  expose(): Promise<Exposition>;
  /** Everything, to be added up with that of other processes. */
  collect(): Promise<CollectedMetrics>;
}

/** Jobs of one kind. */
interface JobCounts {
  readonly task: string;
  readonly waiting: number;
  readonly failed: number;
  /** How long the oldest has waited that could be worked off now. */
  readonly oldestSeconds: number;
}

/** What is read in the moment of the question. */
export interface MeasuredState {
  passwordsQueued(): number;
  sessionMemory(): MemoryFigures;
  connections(): { readonly total: number; readonly idle: number; readonly waiting: number };
  /** Undefined when the database does not answer in time. */
  stored(): Promise<{ readonly jobs: readonly JobCounts[]; readonly sessions: number } | undefined>;
}

// From a look-up in memory to a sign-in that waited for the whole queue of passwords.
const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/**
 * Metrics for Prometheus, of this server alone. Labels are names of ours, never anyone's data, and
 * never what a client may choose. `docs/operations.md` lists them, held by a test.
 */
export function createMetrics(state: MeasuredState): ServerMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const define = definitionsIn(registry);
  const askState = defineState(define, state);
  addSessionMemory(registry, () => state.sessionMemory());
  const requests = define.histogram(
    'gatehouse_http_request_duration_seconds',
    'HTTP requests, by the route that answered them.',
    ['method', 'route', 'status'],
  );
  return {
    ...defineOperations(define),
    ...defineWork(define),
    ...addLists(registry),
    requestFinished: (method, route, status, seconds) =>
      requests.observe({ method, route, status }, seconds),
    async expose() {
      await askState();
      return exposeRegistry(registry);
    },
    async collect() {
      await askState();
      return registry.getMetricsAsJSON();
    },
  };
}

type Definitions = ReturnType<typeof definitionsIn>;

function definitionsIn(registry: Registry) {
  const registers = [registry];
  return {
    counter: (name: string, help: string, labelNames: string[] = []) =>
      new Counter({ name, help, labelNames, registers }),
    /** `aggregator`: what the figures of several processes come to together. */
    gauge: (
      name: string,
      help: string,
      labelNames: string[] = [],
      aggregator: Aggregator = 'sum',
    ) => new Gauge({ name, help, labelNames, registers, aggregator }),
    histogram: (name: string, help: string, labelNames: string[] = []) =>
      new Histogram({ name, help, labelNames, buckets, registers }),
  };
}

function defineOperations(define: Definitions) {
  const operations = define.histogram(
    'gatehouse_operation_duration_seconds',
    'Root fields of the schema, by name and how they ended.',
    ['operation', 'outcome'],
  );
  const errors = define.counter(
    'gatehouse_errors_total',
    'Errors that callers were told, in payloads and at the top level.',
    ['code'],
  );
  const limited = define.counter(
    'gatehouse_rate_limited_total',
    'Calls denied, by the limit that denied them.',
    ['limit'],
  );
  const sessions = define.counter('gatehouse_sessions_opened_total', 'Sessions opened.');
  return {
    operationFinished: (operation: string, outcome: Outcome, seconds: number) =>
      operations.observe({ operation, outcome }, seconds),
    errorTold: (code: string) => errors.inc({ code }),
    rateLimited: (limit: string) => limited.inc({ limit }),
    sessionOpened: () => sessions.inc(),
  };
}

function defineWork(define: Definitions) {
  const mails = define.counter(
    'gatehouse_mails_total',
    'Mails that were sent or have failed for good.',
    ['state'],
  );
  const jobs = define.histogram(
    'gatehouse_job_duration_seconds',
    'Tries at jobs that this process made, by kind and how they ended.',
    ['task', 'outcome'],
  );
  const waits = define.histogram(
    'gatehouse_password_wait_seconds',
    'How long passwords waited to be hashed or verified.',
  );
  const hashes = define.histogram(
    'gatehouse_password_duration_seconds',
    'How long hashing and verifying took, without the wait.',
    ['task'],
  );
  const refused = define.counter(
    'gatehouse_passwords_refused_total',
    'Passwords that were not hashed because the queue was full.',
  );
  return {
    mailFinished: (mail: 'sent' | 'failed') => mails.inc({ state: mail }),
    jobFinished: (task: string, outcome: Outcome, seconds: number) =>
      jobs.observe({ task, outcome }, seconds),
    passwordFinished: (task: string, waitSeconds: number, seconds: number) => {
      waits.observe(waitSeconds);
      hashes.observe({ task }, seconds);
    },
    passwordRefused: () => refused.inc(),
  };
}

/** What is no count but a state; answers what has to be awaited before it is shown. */
function defineState(define: Definitions, state: MeasuredState): () => Promise<void> {
  const queue = define.gauge(
    'gatehouse_password_queue_length',
    'Passwords waiting to be hashed or verified.',
  );
  const connections = define.gauge(
    'gatehouse_database_connections',
    'Connections to PostgreSQL that this process keeps.',
    ['state'],
  );
  const waiting = define.gauge(
    'gatehouse_database_waiting',
    'Statements that wait for a connection.',
  );
  const showStored = defineStored(define);
  return async () => {
    const stored = await state.stored();
    queue.set(state.passwordsQueued());
    const { total, idle, waiting: asking } = state.connections();
    connections.set({ state: 'busy' }, total - idle);
    connections.set({ state: 'idle' }, idle);
    waiting.set(asking);
    showStored(stored);
  };
}

function defineStored(define: Definitions) {
  const up = define.gauge(
    'gatehouse_database_up',
    'Whether the database answered within a second.',
    [],
    'min',
  );
  // Of the database that all share: what each process tells is the same.
  const jobs = (name: string, help: string) => define.gauge(name, help, ['task'], 'max');
  const waiting = jobs(
    'gatehouse_jobs_waiting',
    'Jobs that will be tried, in the database that all instances share.',
  );
  const failed = jobs('gatehouse_jobs_failed', 'Jobs given up in the last week.');
  const oldest = jobs(
    'gatehouse_jobs_oldest_seconds',
    'How long the oldest job has waited that could be worked off now.',
  );
  const sessions = define.gauge(
    'gatehouse_sessions_estimated',
    'Sessions in the database, as its statistics estimate them.',
    [],
    'max',
  );
  return (stored: Awaited<ReturnType<MeasuredState['stored']>>) => {
    up.set(stored === undefined ? 0 : 1);
    // What is not known is not shown: an old number would look like a new one.
    for (const gauge of [waiting, failed, oldest, sessions]) gauge.reset();
    for (const { task, ...counts } of stored?.jobs ?? []) {
      waiting.set({ task }, counts.waiting);
      failed.set({ task }, counts.failed);
      oldest.set({ task }, counts.oldestSeconds);
    }
    if (stored === undefined) sessions.remove();
    else sessions.set(stored.sessions);
  };
}
