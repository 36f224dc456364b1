import type { ReasonForPrimary } from './replicas.ts';

/** What is counted of requests and jobs. */
export interface Metrics {
  rateLimited(limit: string): void;
  mailFinished(state: 'sent' | 'failed'): void;
  /** A root field of the schema was answered, or refused with errors in its payload, or failed. */
  operationFinished(operation: string, outcome: Outcome, seconds: number): void;
  /** A caller was told an error with this code. */
  errorTold(code: string): void;
  sessionOpened(): void;
  /** A list was read: from the primary for this reason, without one from a replica. */
  listRead(reason: ReasonForPrimary | undefined): void;
}

/** What is told to the operator, a line each. */
export interface Log {
  error(details: object, message: string): void;
  warn(details: object, message: string): void;
  info(message: string): void;
}

export type Outcome = 'ok' | 'refused' | 'failed';

/** What is told of a step: names and numbers of ours, never a value that belongs to somebody. */
type Attributes = Readonly<Record<string, string | number>>;

export interface Step {
  readonly name: string;
  /** Whether the step answers a caller, asks somebody else, works off a job, or is our own. */
  readonly kind: 'server' | 'client' | 'consumer' | 'internal';
  readonly attributes?: Attributes;
  /** What it belongs to, as W3C `traceparent`; the step under way when it is not given. */
  readonly parent?: string | undefined;
}

/** A step under way. */
export interface Span {
  /** Does something that belongs to the step. */
  run<T>(work: () => T): T;
  /** From here on all belongs to this step that would have belonged to the one around it. */
  takeOver(): void;
  end(outcome: { readonly failed: boolean; readonly attributes?: Attributes }): void;
}

/** Tells a receiver of traces which steps a request or a job took, and how long. */
export interface Tracer {
  begin(step: Step): Span;
  /** The step under way, as W3C `traceparent`. */
  current(): string | undefined;
}

/** Does `work` as a step of its own; without a tracer just does it. */
export async function traced<T>(
  tracer: Tracer | undefined,
  step: Step,
  work: () => Promise<T>,
): Promise<T> {
  if (tracer === undefined) return work();
  const span = tracer.begin(step);
  try {
    const result = await span.run(work);
    span.end({ failed: false });
    return result;
  } catch (error) {
    span.end({ failed: true });
    throw error;
  }
}
