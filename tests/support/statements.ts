import pg from 'pg';

type Query = (this: pg.Client, ...parameters: unknown[]) => unknown;

/** Runs `work` and answers the SQL statements that this process sent meanwhile. */
export async function statementsOf(work: () => Promise<unknown>): Promise<string[]> {
  const statements: string[] = [];
  const prototype = pg.Client.prototype as unknown as { query: Query };
  const original = prototype.query;
  prototype.query = function query(...parameters) {
    const [first] = parameters as [string | { text?: string }];
    statements.push(typeof first === 'string' ? first : (first.text ?? ''));
    return original.apply(this, parameters);
  };
  try {
    await work();
  } finally {
    prototype.query = original;
  }
  return statements;
}
