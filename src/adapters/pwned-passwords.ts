import { createHash } from 'node:crypto';
import type { IsBreached } from '../breaches.ts';

// Somebody waits for their new password to be taken.
const timeoutMilliseconds = 2000;

// A range with padding is some 40 KB.
const maxAnswerBytes = 1024 * 1024;

/**
 * Asks Pwned Passwords, or who speaks like it, for a range: of the 40 digits of a password's SHA-1
 * it is told the first five, which a thousand known passwords have in common, and answers with the
 * other 35 of each. Who watches the line learns no more from how long the answer is: it is padded.
 * https://haveibeenpwned.com/API/v3#SearchingPwnedPasswordsByRange
 */
export function createPwnedPasswords(rangeUrl: string): IsBreached {
  const base = rangeUrl.replace(/\/+$/, '');
  return async (password) => {
    const digest = createHash('sha1').update(password).digest('hex').toUpperCase();
    return isListed(await askFor(`${base}/${digest.slice(0, 5)}`), digest.slice(5));
  };
}

async function askFor(url: string): Promise<string> {
  const response = await fetch(url, {
    headers: { 'add-padding': 'true', 'user-agent': 'Gatehouse' },
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMilliseconds),
  });
  const text = await readText(response);
  if (response.status !== 200) throw new Error(`The answer was ${response.status}.`);
  return text;
}

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > maxAnswerBytes) throw new Error('The answer was too long.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('latin1');
}

/** Rows that only pad the answer were seen zero times. */
function isListed(text: string, wanted: string): boolean {
  let isFound = false;
  for (const line of text.trimEnd().split('\n')) {
    const [, suffix, count] = /^([\dA-F]{35}):(\d{1,15})\r?$/i.exec(line) ?? [];
    if (suffix === undefined) throw new Error('The answer was no range.');
    if (suffix.toUpperCase() === wanted && Number(count) > 0) isFound = true;
  }
  return isFound;
}
