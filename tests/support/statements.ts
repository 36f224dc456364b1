import pg from 'pg';

type Query = (this: pg.Client, ...parameters: unknown[]) => unknown;

/** Workers look for jobs all the time; leaving one is the work's own statement. */
const isOfTheWorkers = (text: string) =>
  text.startsWith('LISTEN') || (text.includes('graphile_worker') && !text.includes('add_job'));

/** A statement and the values it was sent with. */
export interface Call {
  /** Under which connections keep it planned. */
  readonly name?: string | undefined;
  readonly text: string;
  readonly values: readonly unknown[];
}

/**
 * Runs `work` and answers the SQL statements that this process sent meanwhile. Those of a job that
 * comes to its end are among them: a server whose statements are counted has `RUN_JOBS=false`.
 */
export async function statementsOf(work: () => Promise<unknown>): Promise<string[]> {
  return (await callsOf(work)).map(({ text }) => text);
}

/** The same with the values. */
export async function callsOf(work: () => Promise<unknown>): Promise<Call[]> {
  const calls: Call[] = [];
  const prototype = pg.Client.prototype as unknown as { query: Query };
  const original = prototype.query;
  prototype.query = function query(...parameters) {
    const [first, second] = parameters as [string | Partial<Call>, unknown];
    const call: Partial<Call> = typeof first === 'string' ? { text: first } : first;
    const { name, text = '', values = second } = call;
    if (!isOfTheWorkers(text)) {
      calls.push({ name, text, values: Array.isArray(values) ? values : [] });
    }
    return original.apply(this, parameters);
  };
  try {
    await work();
  } finally {
    prototype.query = original;
  }
  return calls;
}
