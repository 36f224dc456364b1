import { AsyncResource } from 'node:async_hooks';
import type { Pool, PoolClient } from 'pg';
import type { Span, Tracer } from '../tracing.ts';

type Query = (...parameters: unknown[]) => unknown;
type Connect = (callback?: (...answer: unknown[]) => void) => unknown;

/**
 * Traces the statements that belong to a request or a job: their text, in which values are
 * parameters, and never what the parameters are.
 */
export function traceStatements(pool: Pool, tracer: Tracer): void {
  const known = new WeakSet<PoolClient>();
  pool.on('acquire', (client) => {
    if (known.has(client)) return;
    known.add(client);
    traceClient(client, tracer);
  });
  // Whoever waits for a connection gets it in the moment in which another request lets go of one.
  const waiting = pool as unknown as { connect: Connect };
  const connect = waiting.connect.bind(pool);
  waiting.connect = (callback) => connect(callback && AsyncResource.bind(callback));
}

function traceClient(client: { query: Query }, tracer: Tracer): void {
  const query = client.query.bind(client);
  client.query = (...parameters) => {
    const text = textOf(parameters[0]);
    if (text === undefined || tracer.current() === undefined) return query(...parameters);
    const span = tracer.begin({
      name: /^\s*(\w+)/.exec(text)?.[1]?.toUpperCase() ?? 'SQL',
      kind: 'client',
      attributes: { 'db.system.name': 'postgresql', 'db.query.text': shorten(text) },
    });
    const callback = parameters.at(-1);
    if (typeof callback === 'function') {
      return query(...parameters.slice(0, -1), ending(span, callback as Query));
    }
    return endWith(span, query(...parameters) as Promise<unknown>);
  };
}

/** Undefined for what is no plain statement, such as a COPY. */
function textOf(first: unknown): string | undefined {
  if (typeof first === 'string') return first;
  if (typeof first !== 'object' || first === null || 'submit' in first) return undefined;
  return 'text' in first && typeof first.text === 'string' ? first.text : undefined;
}

const maxText = 2_000;
const shorten = (text: string) => text.replace(/\s+/g, ' ').trim().slice(0, maxText);

function ending(span: Span, callback: Query): Query {
  return (error, ...answer) => {
    span.end({ failed: Boolean(error) });
    callback(error, ...answer);
  };
}

async function endWith(span: Span, answer: Promise<unknown>): Promise<unknown> {
  let failed = true;
  try {
    const result = await answer;
    failed = false;
    return result;
  } finally {
    span.end({ failed });
  }
}
