import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { readOrMakeAppSecret } from '../adapters/app-secret.ts';
import { createBcryptPool } from '../adapters/bcrypt-pool.ts';
import type { IsBreached } from '../breaches.ts';
import type { Config, LocationConfig } from '../config/config.ts';
import type { MailConfig } from '../config/mail.ts';
import type { StorageLocation } from '../config/values.ts';
import type {
  Ctx,
  FileStorage,
  Locator,
  MailTransport,
  RateLimitStore,
  RenderMail,
} from '../context.ts';
import { createLookUp } from '../database/look-up.ts';
import { createReadRows } from '../database/read-rows.ts';
import { openDatabase, type DatabaseAccess, type OpenDatabase } from '../database/open.ts';
import { openReplicas } from '../database/replicas.ts';
import { leasing } from '../features/rate-limit/leases.ts';
import { createPostgresRateLimits } from '../features/rate-limit/rate-limit.store.ts';
import { createLocalFiles } from '../adapters/local-files.ts';
import { createPwnedPasswords } from '../adapters/pwned-passwords.ts';
import { createSharpPictures } from '../adapters/sharp-pictures.ts';
import { openTemporaryFolders } from '../adapters/temporary-folders.ts';
import { createDevelopmentMailbox } from '../adapters/development-mailbox.ts';
import { createWebhookSender } from '../adapters/webhook-sender.ts';
import { createSealer } from '../adapters/sealing.ts';
import { createRenderMail } from '../features/mail-template/mail-template.service.ts';
import { openSessionMemory } from './session-memory.ts';
import { createMetrics, type ServerMetrics } from '../adapters/prometheus.ts';
import { newId } from '../identifiers.ts';
import { measureState } from './measuring.ts';
import { observePasswords, openTracer, traceMail, tracePasswords } from './observing.ts';

/** What lives as long as the server: a context without a caller, and what it stands on. */
export interface Service extends Pick<Ctx, 'config' | 'db' | 'ports'> {
  readonly log: Logger;
  readonly dataSource: DataSource;
  /** For what waits for notifications, which must not go through a pooler. */
  readonly directPool: Pool;
  readonly metrics: ServerMetrics;
  /** In words, for the start: which database is in use. */
  readonly databaseName: string;
  /** Whether the database is the embedded one, which no other server shares. */
  readonly ownsDatabase: boolean;
  /** In words: who sends mail. Undefined when the development mailbox keeps it. */
  readonly mailProvider: string | undefined;
  /** Where people reach Gatehouse; the port is known when the server listens. */
  readonly address: { url: string };
  close(): Promise<void>;
}

type Closing = (() => Promise<void> | void)[];

/**
 * Opens everything the server stands on, database first, and closes it in the opposite order.
 * What was opened is closed again when a later step fails.
 */
export async function openService(
  config: Config,
  log: Logger,
  access: DatabaseAccess = 'own',
): Promise<Service> {
  const closing: Closing = [];
  const close = async () => {
    for (const closeOne of closing.splice(0).reverse()) await closeOne();
  };
  const address = { url: config.http.appUrl ?? `http://localhost:${config.http.port}` };
  // Before the database, for it throws when the operator's templates cannot be used.
  const renderMail = createRenderMail(config, () => address.url);
  try {
    const database = await openDatabase(config, log, access);
    closing.push(database.close);
    const { dataSource, directPool, name: databaseName, owned: ownsDatabase } = database;
    const opened = await openPorts(config, log, database, renderMail, closing);
    const held = { dataSource, db: dataSource.manager, directPool, databaseName, ownsDatabase };
    return { config, log, address, ...held, ...opened, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openPorts(
  config: Config,
  log: Logger,
  { dataSource, directUrl, isPooled }: OpenDatabase,
  renderMail: RenderMail,
  closing: Closing,
): Promise<Pick<Service, 'ports' | 'metrics' | 'mailProvider'>> {
  const observer = observePasswords(() => metrics);
  const passwords = openPasswords(config, observer);
  closing.push(() => passwords.close());
  const memory = openSessionMemory(config, directUrl, log);
  const metrics = createMetrics(measureState(dataSource, passwords, memory));
  const tracer = await openTracer(config, log, dataSource, closing);
  const mail = await openMail(config.mail, dataSource);
  closing.push(() => mail.close());
  const rateLimits = await openRateLimits(config, log, dataSource, closing);
  const replicas = openReplicas(config.database, dataSource, log, closing);
  const temporary = openTemporaryFolders(join(config.dataDir, 'temporary'), log);
  for (const one of [memory, temporary]) closing.push(() => one.close());
  const ports = {
    passwords: tracePasswords(passwords, tracer),
    isBreached: openBreaches(config),
    rateLimits,
    replicas,
    metrics,
    webhooks: createWebhookSender(config.webhooks.allowedNetworks),
    tracer,
    mail: traceMail(mail.transport, tracer),
    ...openStatements(dataSource, isPooled),
    sessions: memory.sessions,
    requestLimits: leasing(rateLimits),
    renderMail,
    locator: await openLocator(config.location, log),
    files: await openFiles(config.storage, closing),
    inTemporaryFolder: temporary.inTemporaryFolder,
    pictures: createSharpPictures(config.workers),
    sealer: createSealer(config.appSecret ?? (await readOrMakeAppSecret(config.dataDir))),
  };
  return { ports, metrics, mailProvider: mail.provider };
}

/** What goes past the ORM. */
function openStatements(dataSource: DataSource, isPooled: boolean) {
  return { lookUp: createLookUp(dataSource, isPooled), readRows: createReadRows(isPooled) };
}

/** The processes of this machine share its cores. */
function openPasswords(config: Config, observer: ReturnType<typeof observePasswords>) {
  const threads = Math.max(1, Math.floor(availableParallelism() / config.workers));
  return createBcryptPool({ cost: config.password.bcryptCost, threads, observer });
}

function openBreaches({ password: { breachesUrl } }: Config): IsBreached | undefined {
  return breachesUrl === undefined ? undefined : createPwnedPasswords(breachesUrl);
}

/** The context of work nobody asked for at this moment. */
export function systemContext({ config, db, ports, log }: Service): Ctx {
  return {
    config,
    db,
    ports,
    log,
    actor: { type: 'system' },
    client: { address: null, userAgent: null },
    requestId: newId(),
    loaders: new Map(),
    reading: undefined,
  };
}

interface OpenMail {
  readonly transport: MailTransport;
  /** In words; undefined for the development mailbox. */
  readonly provider: string | undefined;
  close(): void;
}

/** SendGrid before SMTP, each loaded only where it is used; the development mailbox otherwise. */
async function openMail(mail: MailConfig, dataSource: DataSource): Promise<OpenMail> {
  const close = () => undefined;
  const { sendgrid } = mail;
  if (sendgrid) {
    const transport = onFirstMail(async () => {
      const { createSendGrid } = await import('../adapters/sendgrid.ts');
      return createSendGrid(sendgrid);
    });
    return { provider: 'SendGrid', transport, close };
  }
  if (mail.smtpUrl !== undefined) {
    const { createSmtp } = await import('../adapters/smtp.ts');
    const smtp = createSmtp(mail.smtpUrl);
    return {
      provider: `SMTP at ${new URL(mail.smtpUrl).host}`,
      transport: smtp,
      close: () => smtp.close(),
    };
  }
  return { provider: undefined, transport: createDevelopmentMailbox(dataSource), close };
}

/** Its library is eight megabytes, which a process that sends no mail need not hold. */
function onFirstMail(load: () => Promise<MailTransport>): MailTransport {
  let transport: Promise<MailTransport> | undefined;
  return { send: async (message) => (await (transport ??= load())).send(message) };
}

/** The database file before the web service, each loaded only where it is used. */
async function openLocator(location: LocationConfig, log: Logger): Promise<Locator | undefined> {
  if (!location.track) return undefined;
  if (location.database !== undefined) {
    const { openMaxmindDatabase } = await import('../adapters/maxmind-database.ts');
    return openMaxmindDatabase(location.database, log);
  }
  if (location.webService === undefined) return undefined;
  const { createMaxmindService } = await import('../adapters/maxmind-service.ts');
  return createMaxmindService(location.webService);
}

async function openRateLimits(
  config: Config,
  log: Logger,
  dataSource: DataSource,
  closing: Closing,
): Promise<RateLimitStore> {
  if (config.redisUrl === undefined) return createPostgresRateLimits(dataSource);
  // Loaded only where it is used: a quarter of a second and some megabytes of the start.
  const { connectRedisRateLimits } = await import('../adapters/redis-rate-limits.ts');
  const store = await connectRedisRateLimits(config.redisUrl, log);
  closing.push(() => store.close());
  return store;
}

async function openFiles(storage: StorageLocation, closing: Closing): Promise<FileStorage> {
  if ('folder' in storage) return createLocalFiles(storage.folder);
  // Loaded only where it is used, like the others: more than twenty megabytes.
  const { createS3Files } = await import('../adapters/s3-files.ts');
  const files = createS3Files(storage.s3);
  closing.push(() => files.close());
  return files;
}
