import { expect } from 'vitest';
import type { Client } from '../support/client.ts';
import { poll } from '../support/mailbox.ts';
import { whoIs } from './sessions.ts';

/** What every server of these tests is started with. */
export const remembering = { SESSION_CACHE_SIZE: '1000', RUN_JOBS: 'false' };

/** One of the figures about remembered sessions, as `/metrics` tells it. */
export async function figureOf({ url }: { readonly url: string }, name: string): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  const [, value] = new RegExp(`^gatehouse_session_cache_${name} (\\S+)$`, 'm').exec(metrics) ?? [];
  return Number(value);
}

/** Has a server remember this session: asked until it was answered without the database. */
export async function remember(client: Client): Promise<void> {
  await poll(15_000, 'no session was remembered', async () => {
    const before = await figureOf(client, 'hits_total');
    expect(await whoIs(client)).toBeDefined();
    expect(await whoIs(client)).toBeDefined();
    return (await figureOf(client, 'hits_total')) > before || undefined;
  });
}

/** Milliseconds until a session is nobody's, asked without a pause. */
export async function refusedAfter(client: Client): Promise<number> {
  const startedAt = performance.now();
  while ((await whoIs(client)) !== undefined) {
    if (performance.now() - startedAt > 10_000) throw new Error('The session goes on.');
  }
  return performance.now() - startedAt;
}

// What the spec of the cache promises. A busy machine answers late by itself: the best of a few
// tries shows what the server does.
export const promisedMilliseconds = 100;
export const tries = 5;
