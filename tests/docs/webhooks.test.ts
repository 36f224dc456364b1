import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { registerPerson, type Person } from '../support/people.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { reachable } from '../webhook/receiver.ts';
import { allEvents, createWebhook, made } from '../webhook/webhook-operations.ts';
import { blocks } from './documents.ts';

let server: TestServer;
let owner: Person;
beforeAll(async () => {
  server = await startTestServer(reachable);
  owner = await registerPerson(server);
});
afterAll(() => server.stop());

const document = 'docs/webhooks.md';
const secret = `whsec_${createHash('sha256').update('of a test').digest('base64')}`;

/** Starts the receiver of the manual, and answers its port and what it prints after that. */
async function startManualReceiver() {
  const [snippet = ''] = await blocks(document, 'js');
  const receiver = spawn(process.execPath, ['--input-type=module', '-e', snippet], {
    env: { PATH: process.env.PATH, PORT: '0', WEBHOOK_SECRET: secret },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(receiver, 'close');
  onTestFinished(async () => {
    receiver.kill();
    await closed;
  });
  const lines = createInterface(receiver.stdout)[Symbol.asyncIterator]();
  const next = async () => ((await lines.next()) as { value: string }).value;
  return { url: `http://127.0.0.1:${await next()}/`, next };
}

test('the receiver of the manual takes what is genuine and nothing else', async () => {
  const receiver = await startManualReceiver();
  made(await createWebhook(owner.client, { url: receiver.url, events: ['USER_CREATED'], secret }));
  const forged = { 'webhook-id': 'x', 'webhook-timestamp': String(Math.floor(Date.now() / 1000)) };
  for (const signature of ['', 'v1,', `v1,${Buffer.alloc(32).toString('base64')}`]) {
    const headers = { ...forged, 'webhook-signature': signature };
    const { status } = await fetch(receiver.url, { method: 'POST', headers, body: '{}' });
    expect(status).toBe(401);
  }
  const { id } = await registerPerson(server);
  expect(await receiver.next()).toMatch(new RegExp(`^[0-9a-f-]{36} user\\.created ${id}$`));
});

test('the operations of the manual are understood, and its events are all there are', async () => {
  const [listen = '', log = ''] = await blocks(document, 'graphql');
  const { data, errors } = await owner.client.graphql<{
    createWebhook: { webhook: { id: string } };
  }>(listen);
  expect(errors).toEqual([]);
  const answer = await owner.client.graphql(log, { webhookId: data.createWebhook.webhook.id });
  expect(answer.errors).toEqual([]);
  const text = await readFile(document, 'utf8');
  const listed = [...text.matchAll(/^\| `(USER_[A-Z_]+)`/gm)].map(([, name]) => name);
  expect(listed).toEqual(allEvents);
});
