import pg from 'pg';
import { pino } from 'pino';
import { expect, inject, onTestFinished, test } from 'vitest';
import { Listener } from '../../src/database/listener.ts';
import { poll } from '../support/mailbox.ts';
import { startWire } from '../support/wire.ts';

async function startListener(url: string) {
  const told: string[] = [];
  const hearing = {
    onTold: (payload: string) => void told.push(payload),
    onGap: () => void told.push('gap'),
  };
  const listener = new Listener(url, 'a_test_channel', hearing, pino({ level: 'silent' }));
  onTestFinished(() => listener.close());
  const other = new pg.Client({ connectionString: inject('databaseServer') });
  await other.connect();
  onTestFinished(() => other.end());
  const tell = (payload: string) => other.query(`NOTIFY a_test_channel, '${payload}'`);
  return { listener, told, tell };
}

const becomes = (wanted: boolean, listener: Listener) =>
  poll(15_000, `it was not ${wanted ? '' : 'in'}current`, async () =>
    listener.isCurrent() === wanted ? true : undefined,
  );

test('has heard all that was committed before it is asked to catch up', async () => {
  const { listener, told, tell } = await startListener(inject('databaseServer'));
  expect(listener.isConnected).toBe(false); // nobody has asked yet
  await becomes(true, listener);
  for (let round = 0; round < 50; round += 1) {
    await tell(String(round));
    await listener.catchUp();
    expect(told.at(-1)).toBe(String(round));
  }
  expect(told).toHaveLength(51); // the gap of the beginning is the first
});

test('is current no longer when the connection is silent, and makes another one', async () => {
  const wire = await startWire(inject('databaseServer'));
  const { listener, told, tell } = await startListener(wire.url);
  await becomes(true, listener);
  wire.freeze();
  await tell('unheard');
  await listener.catchUp();
  expect(listener.isCurrent()).toBe(false);
  await becomes(true, listener); // by another connection, which is not frozen
  expect(told).toEqual(['gap', 'gap', 'gap']);
  await tell('heard');
  await listener.catchUp();
  expect(told.at(-1)).toBe('heard');
});
