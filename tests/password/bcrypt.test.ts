import { readdirSync, readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import bcryptjs from 'bcryptjs';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { normaliseHash } from '../../src/adapters/bcrypt.ts';
import { type BcryptPool, createBcryptPool } from '../../src/adapters/bcrypt-pool.ts';
import type { PasswordHash } from '../../src/context.ts';

const asHash = (text: string) => text as PasswordHash;
const SEVENTY_TWO = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

const PUBLISHED: readonly (readonly [source: string, password: string, hash: string])[] = [
  // Openwall crypt_blowfish 1.3, the self-test in wrapper.c (public domain, Solar Designer)
  ['crypt_blowfish', 'U*U', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'],
  ['crypt_blowfish', 'U*U*', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK'],
  ['crypt_blowfish', 'U*U*U', '$2a$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a'],
  ['crypt_blowfish', '', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy'],
  // The same table gives this hash for 72 bytes and a tail that counts for nothing.
  ['crypt_blowfish', SEVENTY_TWO, '$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui'],
  // OpenBSD's regression test, as test/implementation.test.js of node.bcrypt.js quotes it
  ['OpenBSD', '0'.repeat(72), '$2a$05$CCCCCCCCCCCCCCCCCCCCC.6.O1dLNbjod2uo0DVcW.jHucKbPDdHS'],
  ['OpenBSD', '0'.repeat(72), '$2b$05$CCCCCCCCCCCCCCCCCCCCC.6.O1dLNbjod2uo0DVcW.jHucKbPDdHS'],
  // pyca/bcrypt, tests/test_bcrypt.py
  ['pyca', 'Kk4DQuMMfZL9o', '$2b$04$cVWp4XaNU8a4v1uMRum2SO026BWLIoQMD/TXg5uZV.0P.uO8m3YEm'],
  // jBCrypt 0.4, TestBCrypt.java
  ['jBCrypt', '', '$2a$06$DCq7YPn5Rq63x1Lad4cll.TV4S6ytwfsfvkgY8jIucDrjc8deX1s.'],
  ['jBCrypt', 'a', '$2a$08$cfcvVd2aQ8CMvoMpP2EBfeodLEkkFJ9umNEfPD18.hUF62qqlC/V.'],
  ['jBCrypt', 'a', '$2a$10$k87L/MF28Q673VKh8/cPi.SUl7MU/rWuSiIDDFayrKk/1tBsSQu4u'],
  // Spring Security, BCryptTests.java
  ['Spring Security', '', '$2y$06$mFDtkz6UN7B3GZ2qi2hhaO3OFWzNEdcY84ELw6iHCPruuQfSAXBLK'],
  // The PHP manual, password_verify()
  ['PHP', 'rasmuslerdorf', '$2y$07$BCryptRequires22Chrcte/VlQH0piJtjXl.0t1XkA8pw9dMXTpOq'],
  ['PHP', 'rasmuslerdorf', '$2y$10$.vGA1O9wmRjrwAVXD98HNOgsNpDczlqm3Jq7KnEd1rVAGv3Fykk1a'],
  // passlib 1.7, tests/test_handlers_bcrypt.py: UTF-8 of two and three bytes
  ['passlib', 'táБℓə', '$2a$05$Z17AXnnlpzddNUvnC6cZNOSwMA/8oNiKnHTHTwLlBijfucQQlHjaG'],
  ['passlib', 'táБℓə', '$2b$05$Z17AXnnlpzddNUvnC6cZNOSwMA/8oNiKnHTHTwLlBijfucQQlHjaG'],
  // bcrypt_elixir, by way of test/implementation.test.js of node.bcrypt.js
  ['bcrypt_elixir', 'ππππππππ', '$2a$10$.TtQJ4Jr6isd4Hp.mVfZeuh6Gws4rOQ/vdBczhDx.19NFK0Y84Dle'],
  [
    'bcrypt_elixir',
    'ἓν οἶδα ὅτι οὐδὲν οἶδα',
    '$2b$12$LeHKWR2bmrazi/6P22JpauX5my/eKwwKpWqL7L5iEByBnxNc76FRW',
  ],
];

// The hashing threads step back, so beside a busy machine's other work they take their time.
vi.setConfig({ testTimeout: 30_000 });

let pool: BcryptPool;
beforeAll(() => {
  pool = createBcryptPool({ cost: 4, threads: 2 });
});
afterAll(() => pool.close());

describe('published test vectors', () => {
  test.each(PUBLISHED)('%s: %j %s', async (_source, password, hash) => {
    expect(await pool.verify(password, asHash(hash))).toBe(true);
    expect(bcryptjs.compareSync(password, normaliseHash(hash) ?? '')).toBe(true);
    const other = password.startsWith('0') ? `1${password.slice(1)}` : `${password}!`;
    expect(await pool.verify(other, asHash(hash))).toBe(false);
  });
});

describe('hashes', () => {
  test('are of the 2b kind, of the cost asked for, and never twice the same', async () => {
    const [one, two] = await Promise.all([pool.hash('Grüße 👋'), pool.hash('Grüße 👋')]);
    expect(one).toMatch(/^\$2b\$04\$[./A-Za-z0-9]{53}$/);
    expect(two).not.toBe(one);
    expect(await pool.verify('Grüße 👋', one)).toBe(true);
    expect(await pool.verify('Grüße', one)).toBe(false);
  });

  test('the native module and bcryptjs verify what the other made', async () => {
    // Where the native module is missing, the pool itself runs on bcryptjs: the pair still agrees.
    for (const password of ['', 'correct horse', 'Grüße 👋', 'ä'.repeat(36)]) {
      expect(bcryptjs.compareSync(password, await pool.hash(password))).toBe(true);
      expect(await pool.verify(password, asHash(bcryptjs.hashSync(password, 4)))).toBe(true);
      expect(await pool.verify(`${password}x`, asHash(bcryptjs.hashSync(password, 4)))).toBe(false);
    }
  });

  test('bcryptjs steps in when the native module cannot be loaded', async () => {
    vi.resetModules();
    vi.doMock('bcrypt', () => {
      throw new Error('No native build was found');
    });
    const { loadBcrypt } = await import('../../src/adapters/bcrypt.ts');
    const standIn = await loadBcrypt();
    vi.doUnmock('bcrypt');
    expect(standIn).toBe(bcryptjs);
    const hash = standIn.hashSync('correct horse', 4);
    expect(hash).toMatch(/^\$2b\$04\$/);
    expect(await pool.verify('correct horse', asHash(hash))).toBe(true);
  });
});

describe('what bcrypt cannot take whole', () => {
  test.each([
    ['73 bytes', `${SEVENTY_TWO}0`],
    ['37 characters of 2 bytes', 'ä'.repeat(37)],
    ['NUL', 'correct\0horse'],
    ['half a surrogate pair', 'correct \ud83d horse'],
  ])('%s is never hashed and never verified', async (_name, password) => {
    await expect(pool.hash(password)).rejects.toThrow(RangeError);
    for (const kept of [password.slice(0, 72), password.slice(0, 36), 'correct']) {
      if (kept === password) continue;
      const hash = bcryptjs.hashSync(kept, 4);
      expect(await pool.verify(password, asHash(hash))).toBe(false);
    }
    expect(await pool.verify(password, asHash(bcryptjs.hashSync(password, 4)))).toBe(false);
  });

  test('72 bytes are taken to the last', async () => {
    const hash = await pool.hash(SEVENTY_TWO);
    expect(await pool.verify(SEVENTY_TWO, hash)).toBe(true);
    expect(await pool.verify(`${SEVENTY_TWO.slice(0, 71)}x`, hash)).toBe(false);
  });
});

test.each([
  '',
  'U*U',
  '$2a$05$CCCCCCCCCCCCCCCCCCCCC.',
  '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOe',
  '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW\n',
  '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeWW',
  '$2x$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW',
  '$2$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW',
  '$2a$03$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW',
  '$2a$32$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW',
  '$2a$5$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW',
  '$2a$05$CCCCCCCCCCC$CCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW',
  // PHP's CVE-2023-0567: a salt cut short by `$` let any password in.
  '$2y$10$.vGA1O9w$',
  '$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$aaaaaaaaaaaaaaaaaaaaaaaa',
])('%j is no bcrypt hash: no password fits', async (garbage) => {
  expect(await pool.verify('U*U', asHash(garbage))).toBe(false);
});

describe('the queue', () => {
  test('refuses at once with SERVER_BUSY when full, and the others come to their end', async () => {
    const narrow = createBcryptPool({ cost: 6, threads: 1, maxQueue: 1 });
    let done = 0;
    const accepted = ['one', 'two', 'three'].map(async (password) => {
      const hash = await narrow.hash(password);
      done += 1;
      return [password, hash] as const;
    });
    expect(narrow.queued).toBe(1); // one is being hashed, one lies ready for the thread

    await expect(narrow.hash('four')).rejects.toMatchObject({
      name: 'Denial',
      code: 'SERVER_BUSY',
    });
    await expect(narrow.verify('four', asHash(PUBLISHED[0]?.[2] ?? ''))).rejects.toMatchObject({
      code: 'SERVER_BUSY',
    });
    expect(done).toBe(0);

    for (const [password, hash] of await Promise.all(accepted)) {
      expect(await narrow.verify(password, hash)).toBe(true);
    }
    expect(narrow.queued).toBe(0);
    await narrow.close();
  });

  test('is served in the order of arrival, and closing waits for all of it', async () => {
    const closing = createBcryptPool({ cost: 4, threads: 1 });
    const order: number[] = [];
    const tasks = [1, 2, 3, 4, 5, 6].map(async (number) => {
      await closing.hash('x');
      order.push(number);
    });
    await closing.close();
    await Promise.all(tasks);
    expect(order).toEqual([1, 2, 3, 4, 5, 6]);
  });
});

describe('the main thread', () => {
  test('stays responsive while every thread hashes', async () => {
    const busy = createBcryptPool({ cost: 12, threads: 2 });
    const cheap = await pool.hash('x');
    await Promise.all([busy.verify('x', cheap), busy.verify('x', cheap)]);
    const started = performance.now();
    await busy.hash('x');
    const oneHash = performance.now() - started;

    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    await Promise.all([busy.hash('x'), busy.hash('y')]);
    delay.disable();
    await busy.close();
    // One hash here instead of there would hold it up for as long as a hash takes.
    expect(delay.max / 1e6).toBeLessThan(oneHash / 2);
  });

  test('keeps its priority; on Linux the hashing threads step back', async () => {
    const own = getPriority(process.pid);
    const before = threadPriorities();
    const stepping = createBcryptPool({ cost: 10, threads: 2 });
    // So many that the second thread, which comes when the first cannot keep up, hashes too.
    await Promise.all(Array.from({ length: 12 }, () => stepping.hash('x')));
    const after = threadPriorities();
    await stepping.close();

    expect(getPriority(process.pid)).toBe(own);
    for (const [thread, priority] of before) expect(after.get(thread) ?? priority).toBe(priority);
    const nicer = [...after].filter(
      ([thread, priority]) => !before.has(thread) && priority === Math.min(own + 10, 19),
    );
    expect(nicer).toHaveLength(process.platform === 'linux' ? 2 : 0);
  });
});

/** The niceness of every thread of this process by its id; empty where there is no /proc. */
function threadPriorities(): Map<string, number> {
  if (process.platform !== 'linux') return new Map();
  return new Map(
    readdirSync('/proc/self/task').map((thread) => {
      const stat = readFileSync(`/proc/self/task/${thread}/stat`, 'utf8');
      // The name in brackets may hold anything; niceness is the 17th field after it.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return [thread, Number(fields[16])];
    }),
  );
}
