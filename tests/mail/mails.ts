import { poll } from '../support/mailbox.ts';
import { registerPerson, type Person } from '../support/people.ts';
import type { UserError } from '../support/client.ts';
import type { TestServer } from '../support/server.ts';

/** A row of `mails`, as the database has it. */
export interface MailRow {
  readonly id: string;
  readonly kind: string;
  readonly recipient: string;
  readonly state: 'queued' | 'sent' | 'failed';
  readonly attempts: number;
  readonly last_error: string | null;
  readonly sealed_values: Buffer | null;
  readonly finished_at: Date | null;
}

/** A mail as administrators see it. */
interface ListedMail {
  readonly id: string;
  readonly kind: string;
  readonly recipient: string;
  readonly state: string;
  readonly attempts: number;
  readonly lastError: string | null;
  readonly createdAt: string;
  readonly finishedAt: string | null;
  readonly user: { readonly id: string } | null;
}

export interface MailsResult {
  readonly mails: {
    readonly nodes: readonly ListedMail[];
    readonly totalCount: number;
    readonly totalPages: number;
    readonly page: number;
    readonly pageSize: number;
  };
}

const mailFields = `
  id kind recipient state attempts lastError createdAt finishedAt user { id }`;

export const mailsQuery = `
  query Mails($state: MailState, $page: Int, $pageSize: Int) {
    mails(state: $state, page: $page, pageSize: $pageSize) {
      nodes { ${mailFields} } totalCount totalPages page pageSize
    }
  }`;

export interface RetryResult {
  readonly retryMail: { readonly mail: ListedMail | null; readonly errors: readonly UserError[] };
}

export const retryMutation = `
  mutation RetryMail($id: ID!) {
    retryMail(id: $id) { mail { ${mailFields} } errors { code field message } }
  }`;

type WithDatabase = Pick<TestServer, 'database'>;

/** Somebody who has caused a mail: to confirm the address. The Owner comes before. */
export async function registerRecipient(server: TestServer, email?: string): Promise<Person> {
  return registerPerson(server, email === undefined ? {} : { email });
}

/** The mail to an address, once it satisfies `wanted`. */
export async function mailTo(
  { database }: WithDatabase,
  recipient: string,
  wanted: (mail: MailRow) => boolean = () => true,
): Promise<MailRow> {
  return poll(20_000, `no mail to ${recipient} was as expected`, async () => {
    const rows = await database.query<MailRow>(
      'SELECT * FROM mails WHERE recipient = $1 ORDER BY id DESC LIMIT 1',
      [recipient],
    );
    return rows.find(wanted);
  });
}

export const hasState = (state: MailRow['state']) => (mail: MailRow) => mail.state === state;
export const wasTried = (times: number) => (mail: MailRow) => mail.attempts >= times;

/** Lets what waits for another try be tried now. */
export async function retryNow({ database }: WithDatabase): Promise<void> {
  await poll(10_000, 'no job waited for another try', async () => {
    const rows = await database.query(
      `UPDATE graphile_worker._private_jobs SET run_at = now()
       WHERE attempts BETWEEN 1 AND max_attempts - 1 AND locked_at IS NULL RETURNING id`,
    );
    return rows.length > 0 ? true : undefined;
  });
}

/** How many jobs to send mail there are. */
export async function countSendJobs({ database }: WithDatabase): Promise<number> {
  const [row] = await database.query<{ count: number }>(
    `SELECT count(*)::int FROM graphile_worker.jobs WHERE task_identifier = 'send-mail'`,
  );
  return row?.count ?? 0;
}
