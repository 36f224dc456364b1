import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** How the service answers the question for a range, by its five digits. */
export type Reply = (response: ServerResponse, range: string) => void;

interface PwnedDouble {
  /** What a server needs in its environment to ask this one. */
  readonly environment: Readonly<Record<string, string>>;
  /** Everything that was asked so far, whole. */
  readonly asked: readonly { readonly url: string; readonly headers: IncomingHttpHeaders }[];
  /** From here on this is the answer. */
  answerWith(reply: Reply): void;
}

export const sha1 = (text: string) => createHash('sha1').update(text).digest('hex').toUpperCase();

/** The rows of a range in which these passwords were seen so many times, among others and padding. */
export function seen(counts: Readonly<Record<string, number>>): Reply {
  return (response, range) => {
    const known = Object.entries(counts)
      .map(([password, count]) => [sha1(password), count] as const)
      .filter(([digest]) => digest.startsWith(range))
      .map(([digest, count]) => `${digest.slice(5)}:${count}`);
    const others = Array.from({ length: 800 }, (_, index) => {
      return `${sha1(`another ${index}`).slice(5)}:${index % 3 === 0 ? 0 : index}`;
    });
    response.end([...known, ...others].sort().join('\r\n'));
  };
}

/** Pwned Passwords as far as ranges go. https://haveibeenpwned.com/API/v3#SearchingPwnedPasswordsByRange */
export async function startPwnedDouble(firstReply: Reply): Promise<PwnedDouble> {
  const asked: PwnedDouble['asked'][number][] = [];
  let reply = firstReply;
  const server = createServer(({ url = '', headers }, response) => {
    asked.push({ url, headers });
    const [, range] = /^\/range\/([\dA-F]{5})$/.exec(url) ?? [];
    if (range === undefined)
      response.writeHead(400).end('The hash prefix was not in a valid format');
    else reply(response, range);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    environment: { BREACHED_PASSWORDS_URL: `http://127.0.0.1:${port}/range` },
    asked,
    answerWith: (next) => void (reply = next),
  };
}
