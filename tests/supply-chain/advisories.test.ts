import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { advisoryFaults, readAnswer } from '../../supply-chain/advisories.ts';

const advisory = {
  name: 'weak',
  title: 'Prototype pollution',
  url: 'https://github.com/advisories/GHSA-aaaa-bbbb-cccc',
  severity: 'high',
};
const report = {
  auditReportVersion: 2,
  vulnerabilities: { weak: { via: [advisory] }, above: { via: ['weak'] } },
};
const explained = { id: 'GHSA-aaaa-bbbb-cccc', reason: 'Its input is ours.', on: '2026-11-25' };
const today = new Date('2026-12-01');

describe('what the registry knows of packages', () => {
  test('is a fault until it is explained', () => {
    expect(advisoryFaults(report, [], today)).toEqual([
      'weak: Prototype pollution (high), https://github.com/advisories/GHSA-aaaa-bbbb-cccc',
    ]);
    expect(advisoryFaults(report, [explained], today)).toEqual([]);
  });

  test('has to be explained again after half a year, and no longer when it is mended', () => {
    expect(advisoryFaults(report, [explained], new Date('2027-06-01'))).toHaveLength(1);
    const mended = { ...report, vulnerabilities: {} };
    expect(advisoryFaults(mended, [], today)).toEqual([]);
    expect(advisoryFaults(mended, [explained], today)).toHaveLength(1);
  });

  test('is not known when npm tells what became of its question', () => {
    expect(readAnswer('{"message":"405","error":{}}')).toEqual({ unanswered: '405' });
    expect(readAnswer(JSON.stringify(report))).toEqual({ report });
  });

  test.each(['', 'npm error code ENOTFOUND', '{"error":{"code":"ENOLOCK"}}', 'null', '[]'])(
    'was not asked for when npm prints %j',
    (printed) => expect(readAnswer(printed)).toEqual({ failed: printed }),
  );
});

describe('npm run audit', () => {
  let advisories: unknown;
  const registry = createServer((request, response) => {
    const isAsked = request.url === '/-/npm/v1/security/advisories/bulk';
    request.resume();
    response.statusCode = isAsked && advisories !== undefined ? 200 : 404;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(advisories ?? {}));
  });
  beforeAll(async () => {
    await new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => registry.close());

  /** As CI runs it, but for the registry. */
  function audit(
    environment: Readonly<Record<string, string>> = {},
  ): Promise<{ code: number; printed: string }> {
    const { port } = registry.address() as AddressInfo;
    const env = { ...process.env, npm_config_registry: `http://127.0.0.1:${port}/` };
    Object.assign(env, environment);
    return new Promise((resolve) => {
      const command = ['--import', 'tsx', 'supply-chain/audit.ts'];
      execFile(process.execPath, command, { env }, (error, stdout, stderr) =>
        resolve({ code: Number(error?.code ?? 0), printed: stdout + stderr }),
      );
    });
  }

  test('passes when nothing is known, and fails on what is', async () => {
    advisories = {};
    expect(await audit()).toEqual({
      code: 0,
      printed: 'Checked: nothing is known that is not explained.\n',
    });
    const { title, severity } = advisory;
    const url = 'https://github.com/advisories/GHSA-dddd-eeee-ffff';
    advisories = { 'any-ascii': [{ id: 1, title, severity, url, vulnerable_versions: '<100' }] };
    const { code, printed } = await audit();
    expect([code, printed]).toEqual([1, `any-ascii: ${title} (${severity}), ${url}\n`]);
  });

  test.each([
    { npm_config_offline: 'true' },
    { npm_config_omit: 'dev' },
    { NODE_ENV: 'production' },
  ])('asks about everything, whatever npm is configured to (%j)', async (environment) => {
    const url = 'https://github.com/advisories/GHSA-dddd-eeee-ffff';
    // Used to test only.
    advisories = {
      vitest: [
        { id: 1, title: advisory.title, severity: 'high', url, vulnerable_versions: '<100' },
      ],
    };
    expect(await audit(environment)).toMatchObject({ code: 1 });
  });

  test('fails when npm could not ask', async () => {
    const { code, printed } = await audit({ PATH: '/nowhere' });
    expect(printed).toMatch(/^NOT CHECKED: npm could not ask the registry/);
    expect(code).toBe(1);
  });

  test('says so, and does not fail, when the registry gives no answer', async () => {
    advisories = undefined;
    const { code, printed } = await audit();
    expect(printed).toMatch(/^NOT CHECKED: the registry gave no answer/);
    expect(code).toBe(0);
  });
});
