import { once } from 'node:events';
import type { Logger } from 'pino';
import { createClient, defineScript } from 'redis';
import type { Places, RateLimitStore } from '../context.ts';

export interface RedisRateLimits extends RateLimitStore {
  close(): Promise<void>;
}

const PREFIX = 'gatehouse:limit:';
/** How long a caller waits for Redis. A limit that cannot be asked must not become the delay. */
const PATIENCE_MILLISECONDS = 1_000;

/**
 * A list of the places taken, oldest first, each as the time it was taken. A script and not
 * MULTI, because what to add depends on what is there; and by the clock of Redis, because those of
 * several instances differ, and an attempt with an earlier time would push out one granted before.
 */
const TAKE = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local max, window, count = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])

local oldest = redis.call('LINDEX', KEYS[1], 0)
while oldest and oldest + window <= now do
  redis.call('LPOP', KEYS[1])
  oldest = redis.call('LINDEX', KEYS[1], 0)
end

local granted = math.max(0, math.min(count, max - redis.call('LLEN', KEYS[1])))
if granted > 0 then
  for _ = 1, granted do redis.call('RPUSH', KEYS[1], now) end
  redis.call('PEXPIRE', KEYS[1], window)
end
return { granted, (oldest or now) + window - now }
`;

const take = defineScript({
  SCRIPT: TAKE,
  NUMBER_OF_KEYS: 1,
  parseCommand(parser, key: string, ...numbers: [max: number, window: number, count: number]) {
    parser.pushKey(PREFIX + key);
    parser.push(...numbers.map(String));
  },
  transformReply: ([granted, freeInMilliseconds]: [number, number]): Places => ({
    granted,
    freeInMilliseconds,
  }),
});

/**
 * Returns once Redis answers, or without it after a moment: it may come later, and go and come
 * again, without a restart of Gatehouse. Meanwhile `take` throws at once.
 */
export async function connectRedisRateLimits(url: string, log: Logger): Promise<RedisRateLimits> {
  const client = createClient({
    url,
    scripts: { take },
    disableOfflineQueue: true,
    socket: { connectTimeout: PATIENCE_MILLISECONDS },
  });
  // One line when Redis goes and one when it is back, however many attempts lie between.
  let missing = false;
  function miss(error: unknown): void {
    if (!missing) log.warn({ err: error }, 'Redis cannot be reached');
    missing = true;
  }
  client.on('error', miss);
  client.on('ready', () => {
    if (missing) log.info('Redis is back');
    missing = false;
  });

  // It tries until it succeeds and reports through the events; it rejects only when closed.
  const connect = () => void client.connect().catch(() => undefined);
  connect();
  await once(client, 'ready', { signal: AbortSignal.timeout(PATIENCE_MILLISECONDS) }).catch(
    () => undefined,
  );

  /** The system may take many minutes to give up a connection that fell silent. */
  function reconnect(silence: Error): void {
    if (!client.isReady) return;
    miss(silence);
    client.destroy();
    connect();
  }

  return {
    take: (key, ...numbers) => withPatience(client.take(key, ...numbers), reconnect),
    async close() {
      client.destroy();
    },
  };
}

async function withPatience<Reply>(
  reply: Promise<Reply>,
  onSilence: (silence: Error) => void,
): Promise<Reply> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const error = new Error(`Redis did not answer within ${PATIENCE_MILLISECONDS} ms`);
      reject(error);
      onSilence(error);
    }, PATIENCE_MILLISECONDS);
  });
  try {
    return await Promise.race([reply, silence]);
  } finally {
    clearTimeout(timer);
  }
}
