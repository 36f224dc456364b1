import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startSmtpDouble } from '../mail/smtp-double.ts';
import { connectTo } from '../support/database.ts';
import { poll } from '../support/mailbox.ts';
import { makeDataDir, startProcess } from '../support/process.ts';
import { isShort } from './form.ts';
import { brokenInvariants } from './invariants.ts';
import { environment } from './loaded-server.ts';
import { Load } from './load.ts';

/** The embedded database of a server that runs. */
async function databaseOf(dataDir: string) {
  const home = join(dataDir, 'postgres');
  const password = (await readFile(join(home, 'password'), 'utf8')).trim();
  const [, , , port] = (await readFile(join(home, 'data', 'postmaster.pid'), 'utf8')).split('\n');
  return connectTo(`postgresql://gatehouse:${password}@127.0.0.1:${port}/gatehouse`);
}

// As many mails as are sent at a time may be at the provider's in the moment of a kill.
const mailsUnderWay = 4;

test('kill -9 among mixed writes, and again: nothing is lost, nothing is there by half', async () => {
  const smtp = await startSmtpDouble();
  const dataDir = await makeDataDir();
  const settings = {
    ...environment,
    DATA_DIR: dataDir,
    SMTP_URL: smtp.url,
    BCRYPT_COST: '4',
    RATE_LIMITS: 'off',
  };
  let server = startProcess(settings);
  const load = new Load((await server.started).client);
  onTestFinished(() => load.stop());
  await load.start(12);
  const kills = isShort ? 1 : 4;
  for (let kill = 0; kill < kills; kill += 1) {
    await load.acknowledges(isShort ? 60 : 200);
    server.kill('SIGKILL');
    expect((await server.exited).signal).toBe('SIGKILL');
    server = startProcess(settings);
    load.moveTo((await server.started).client);
    await load.acknowledges(20);
  }
  await load.stop();
  const database = await databaseOf(dataDir);
  onTestFinished(() => database.drop());
  expect(load.facts.size).toBeGreaterThan(20);
  expect(await load.lostFacts(database)).toEqual([]);
  expect(load.refusals).toEqual([]);
  await poll(60_000, 'mails were still waiting', async () => {
    const waiting = await database.query(`SELECT FROM mails WHERE state = 'queued'`);
    return waiting.length === 0 ? true : undefined;
  });
  expect(await brokenInvariants(database)).toEqual({});
  const ids = smtp.received.map(({ header }) => /^Message-ID: (.*)$/im.exec(header)?.[1]);
  expect(ids.length).toBeGreaterThan(0);
  expect(ids.length - new Set(ids).size).toBeLessThanOrEqual(kills * mailsUnderWay);
});
