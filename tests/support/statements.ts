import pg from 'pg';

type Query = (this: pg.Client, ...parameters: unknown[]) => unknown;

/** Workers look for jobs all the time; leaving one is the work's own statement. */
const isOfTheWorkers = (text: string) =>
  text.startsWith('LISTEN') || (text.includes('graphile_worker') && !text.includes('add_job'));

/**
 * Runs `work` and answers the SQL statements that this process sent meanwhile. Those of a job that
 * comes to its end are among them: a server whose statements are counted has `RUN_JOBS=false`.
 */
export async function statementsOf(work: () => Promise<unknown>): Promise<string[]> {
  const statements: string[] = [];
  const prototype = pg.Client.prototype as unknown as { query: Query };
  const original = prototype.query;
  prototype.query = function query(...parameters) {
    const [first] = parameters as [string | { text?: string }];
    const text = typeof first === 'string' ? first : (first.text ?? '');
    if (!isOfTheWorkers(text)) statements.push(text);
    return original.apply(this, parameters);
  };
  try {
    await work();
  } finally {
    prototype.query = original;
  }
  return statements;
}
