import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';

/**
 * The script of src/adapters/redis-rate-limits.ts that `take` below stands for. Whoever changes the
 * script first teaches `take` the same and then names the new text here; until then its tests fail
 * on every machine, not only on those that have no Redis to disagree.
 */
const KNOWN_SCRIPT = 'ae265a739e673c2b820264432fd08d88c8ebf488';

/**
 * Stands in for Redis where none is installed. What it proves is how the adapter connects, asks,
 * reads answers and bears an outage; that the script itself is right only a real server shows.
 */
export async function startRedisDouble(port: number): Promise<() => Promise<void>> {
  const lists = new Map<string, number[]>();
  const scripts = new Set<string>();
  const sockets = new Set<Socket>();

  function evaluate(hash: string, [key = '', ...numbers]: readonly string[]): string {
    if (hash !== KNOWN_SCRIPT) return error(`ERR the double does not know the script ${hash}`);
    const [max = 0, window = 0, count = 0] = numbers.map(Number);
    return `*2\r\n${take(lists, key, max, window, count).map(integer).join('')}`;
  }

  function answer([name = '', ...rest]: readonly string[]): string {
    const [script = '', _keys, ...parameters] = rest;
    switch (name.toUpperCase()) {
      case 'HELLO':
        return `%2\r\n${bulk('server')}${bulk('redis')}${bulk('proto')}${integer(3)}`;
      case 'CLIENT':
        return '+OK\r\n';
      case 'EVALSHA':
        return scripts.has(script)
          ? evaluate(script, parameters)
          : error('NOSCRIPT No matching script. Please use EVAL.');
      case 'EVAL': {
        const hash = createHash('sha1').update(script).digest('hex');
        scripts.add(hash);
        return evaluate(hash, parameters);
      }
      default:
        return error(`ERR unknown command '${name}'`);
    }
  }

  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    let received = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      const { commands, length } = parseCommands(received);
      received = received.subarray(length);
      for (const command of commands) socket.write(answer(command));
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return async () => {
    server.close();
    for (const socket of sockets) socket.destroy();
    await once(server, 'close');
  };
}

/** The script in JavaScript: one call is one step here too, because nothing in it waits. */
function take(
  lists: Map<string, number[]>,
  key: string,
  max: number,
  window: number,
  count: number,
): readonly [granted: number, freeInMilliseconds: number] {
  const now = Date.now();
  const taken = (lists.get(key) ?? []).filter((time) => time + window > now);
  const granted = Math.max(0, Math.min(count, max - taken.length));
  lists.set(key, [...taken, ...Array.from({ length: granted }, () => now)]);
  return [granted, (taken[0] ?? now) + window - now];
}

/** The whole commands at the start of what has arrived, and how many bytes they are. */
function parseCommands(bytes: Buffer): { commands: string[][]; length: number } {
  const commands: string[][] = [];
  let length = 0;
  for (;;) {
    const command = parseCommand(bytes, length);
    if (!command) return { commands, length };
    commands.push(command.words);
    length = command.end;
  }
}

/** `*<words>\r\n` and for each word `$<bytes>\r\n<word>\r\n`: clients send nothing else. */
function parseCommand(bytes: Buffer, start: number): { words: string[]; end: number } | null {
  const count = parseHeader(bytes, start);
  if (!count) return null;
  const words: string[] = [];
  let { end } = count;
  for (let word = 0; word < count.value; word += 1) {
    const size = parseHeader(bytes, end);
    if (!size || size.end + size.value + 2 > bytes.length) return null;
    words.push(bytes.toString('utf8', size.end, size.end + size.value));
    end = size.end + size.value + 2;
  }
  return { words, end };
}

/** The number between a type's mark and the end of its line. */
function parseHeader(bytes: Buffer, start: number): { value: number; end: number } | null {
  const lineEnd = bytes.indexOf('\r\n', start);
  if (lineEnd === -1) return null;
  return { value: Number(bytes.toString('utf8', start + 1, lineEnd)), end: lineEnd + 2 };
}

const integer = (value: number) => `:${value}\r\n`;
const bulk = (text: string) => `$${Buffer.byteLength(text)}\r\n${text}\r\n`;
const error = (message: string) => `-${message}\r\n`;
