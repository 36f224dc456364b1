import { keepSecret } from './secrets.ts';
import type { TestServer } from './server.ts';

/** A mail that the development mailbox took. */
export interface ReceivedMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** The addresses that its text names, in order. */
  readonly links: readonly string[];
  /** The token in the first link that has one. */
  readonly token: string | undefined;
}

/** What has a database with a mailbox in it. */
type WithDatabase = Pick<TestServer, 'database'>;

const defaultTimeout = 15_000;

/** The mails sent to an address so far, newest first, once no job is left that could send one. */
export async function mailsTo(
  server: WithDatabase,
  to: string,
  timeout = defaultTimeout,
): Promise<ReceivedMail[]> {
  return poll(timeout, `the jobs before mail to ${to} did not end`, async () =>
    (await jobsAreDone(server)) ? received(server, to) : undefined,
  );
}

/** The newest mail to an address, waiting for one to arrive and for the jobs that may send more. */
export async function newestMail(
  server: WithDatabase,
  to: string,
  timeout = defaultTimeout,
): Promise<ReceivedMail> {
  return poll(timeout, `no mail to ${to} arrived`, async () =>
    (await jobsAreDone(server)) ? (await received(server, to))[0] : undefined,
  );
}

/** Whether nothing is left to do at this moment: jobs that wait for another try are left out. */
async function jobsAreDone({ database }: WithDatabase): Promise<boolean> {
  const [row] = await database.query<{ count: number }>(
    `SELECT count(*)::int FROM graphile_worker.jobs
     WHERE task_identifier <> 'sweep' AND (run_at <= now() OR locked_at IS NOT NULL)
       AND attempts < max_attempts`,
  );
  return row?.count === 0;
}

async function received({ database }: WithDatabase, to: string): Promise<ReceivedMail[]> {
  const rows = await database.query<{ subject: string; text: string; html: string }>(
    `SELECT subject, text, html FROM mailbox_messages WHERE lower(recipient) = lower($1)
     ORDER BY created_at DESC, id DESC`,
    [to],
  );
  return rows.map((row) => {
    const links = row.text.match(/https?:\/\/[^\s<>"]+/g) ?? [];
    const tokens = links.map((link) => new URL(link).searchParams.get('token') ?? undefined);
    for (const token of tokens) keepSecret('mailed token', token);
    return { ...row, links, token: tokens.find((token) => token !== undefined) };
  });
}

/** Asks until there is an answer, or throws with `failure` when the time is up. */
export async function poll<T>(
  timeout: number,
  failure: string,
  ask: () => Promise<T | undefined>,
): Promise<T> {
  const deadline = Date.now() + timeout;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > deadline) throw new Error(`After ${timeout} ms ${failure}.`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
