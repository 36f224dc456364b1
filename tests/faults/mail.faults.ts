import { expect, onTestFinished, test } from 'vitest';
import { startSmtpDouble } from '../mail/smtp-double.ts';
import { startLine } from '../support/line.ts';
import { poll } from '../support/mailbox.ts';
import { startTestServer } from '../support/server.ts';
import { isShort } from './form.ts';
import { brokenInvariants } from './invariants.ts';
import { ask, environment } from './loaded-server.ts';
import { Load } from './load.ts';

const ways = ['refuses everything', 'says nothing'] as const;

test.each(isShort ? ways.slice(0, 1) : ways)(
  'a provider of mail that %s: mail waits, nobody else does, and each is sent once afterwards',
  async (way) => {
    const smtp = await startSmtpDouble();
    const line = await startLine(smtp.port);
    const server = await startTestServer({
      ...environment,
      SMTP_URL: `smtp://127.0.0.1:${line.port}`,
    });
    const load = new Load(server.client);
    onTestFinished(async () => {
      await load.stop();
      await line.close();
      await server.stop();
    });
    const busy = { code: 421, text: 'Come back later' };
    if (way === 'says nothing') line.fallSilent();
    else smtp.refuseMails(...Array.from({ length: 10_000 }, () => busy));
    await load.start(6);
    await load.acknowledges(isShort ? 60 : 300);
    await load.stop();
    expect([...load.failures]).toEqual([]);
    expect(load.refusals).toEqual([]);
    expect(load.slowestMilliseconds).toBeLessThan(10_000);
    expect(smtp.received).toEqual([]);
    expect((await ask(server, '/readyz')).status).toBe(200);
    const { database } = server;
    expect(await brokenInvariants(database)).toEqual({});

    line.speak();
    smtp.refuseMails();
    const mails = await database.query('SELECT FROM mails');
    expect(mails.length).toBeGreaterThan(5);
    await poll(90_000, 'mails were still waiting', async () => {
      // The next try is far away for some by now: as if that time had passed.
      await database.query(
        `UPDATE graphile_worker._private_jobs SET run_at = now()
         WHERE locked_at IS NULL AND run_at > now()`,
      );
      const waiting = await database.query(`SELECT FROM mails WHERE state <> 'sent'`);
      return waiting.length === 0 ? true : undefined;
    });
    expect(smtp.received).toHaveLength(mails.length);
    expect(await load.lostFacts(database)).toEqual([]);
  },
);
