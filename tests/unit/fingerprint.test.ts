import { describe, expect, test } from 'vitest';
import {
  compareFingerprints,
  deviceName,
  hashUserAgent,
  nameIn,
} from '../../src/features/session/session.rules.ts';

const stored = { ipAddress: '192.0.2.1', userAgentHash: hashUserAgent('Agent/1') };
const compared = (ipAddress: string | null | undefined, userAgent: string | null | undefined) => {
  const { status, reason } = compareFingerprints(stored, { ipAddress, userAgent });
  return [status, reason];
};

describe('a fingerprint', () => {
  test('is OK when address and user agent are alike', () => {
    expect(compared('192.0.2.1', 'Agent/1')).toEqual(['OK', null]);
  });

  test.each(['192.0.2.2', '2001:db8::1', null])('from %s is a warning: IP_MISMATCH', (address) => {
    expect(compared(address, 'Agent/1')).toEqual(['WARNING', 'IP_MISMATCH']);
  });

  test.each(['Agent/2', 'agent/1', '', null])(
    'of %j is a warning: USER_AGENT_MISMATCH',
    (agent) => {
      expect(compared('192.0.2.1', agent)).toEqual(['WARNING', 'USER_AGENT_MISMATCH']);
    },
  );

  test('is a mismatch when both differ', () => {
    for (const [address, agent] of [
      ['192.0.2.2', 'Agent/2'],
      [null, null],
    ] as const) {
      expect(compared(address, agent)).toEqual(['MISMATCH', 'FINGERPRINT_MISMATCH']);
    }
  });

  test('counts what the asker does not know as alike', () => {
    expect(compared(undefined, 'Agent/1')).toEqual(['OK', null]);
    expect(compared('192.0.2.2', undefined)).toEqual(['WARNING', 'IP_MISMATCH']);
    expect(compared(undefined, undefined)).toEqual(['OK', null]);
  });

  test('counts what the session does not know as alike', () => {
    const elsewhere = { ipAddress: '192.0.2.9', userAgent: 'Agent/9' };
    const status = (ipAddress: string | null, agent: string | null) =>
      compareFingerprints({ ipAddress, userAgentHash: hashUserAgent(agent) }, elsewhere).status;
    expect(status(null, null)).toBe('OK');
    expect(status(null, 'Agent/9')).toBe('OK');
    expect(status(null, 'Agent/1')).toBe('WARNING');
    expect(status('192.0.2.1', null)).toBe('WARNING');
    expect(status('192.0.2.9', null)).toBe('OK');
  });

  test('looks at the whole user agent, beyond what is stored of it', () => {
    const long = 'x'.repeat(4000);
    const session = { ipAddress: null, userAgentHash: hashUserAgent(`${long}1`) };
    const used = (userAgent: string) =>
      compareFingerprints(session, { ipAddress: null, userAgent }).status;
    expect(used(`${long}1`)).toBe('OK');
    expect(used(`${long}2`)).toBe('WARNING');
  });
});

// As the programs send them, of 2024 and 2025.
const webkit = 'AppleWebKit/537.36 (KHTML, like Gecko)';
const agents: readonly [agent: string, browser: string | null, os: string | null][] = [
  [
    `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webkit} Chrome/131.0.0.0 Safari/537.36`,
    'Chrome',
    'Windows',
  ],
  [
    `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${webkit} Chrome/131.0.0.0 Safari/537.36`,
    'Chrome',
    'macOS',
  ],
  [
    `Mozilla/5.0 (Linux; Android 10; K) ${webkit} Chrome/131.0.0.0 Mobile Safari/537.36`,
    'Chrome',
    'Android',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
    'Safari',
    'iOS',
  ],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15',
    'Safari',
    'macOS',
  ],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0', 'Firefox', 'Linux'],
  [
    `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webkit} Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0`,
    'Microsoft Edge',
    'Windows',
  ],
  ['curl/8.5.0', null, null],
  ['node', null, null],
];

test.each(agents)('%s is named', (agent, browser, os) => {
  expect([nameIn(agent, 'browser'), nameIn(agent, 'os')]).toEqual([browser, os]);
});

test('a device is called by browser and system, as far as they are known', () => {
  expect(agents.map(([agent]) => deviceName(agent))).toEqual([
    'Chrome on Windows',
    'Chrome on macOS',
    'Chrome on Android',
    'Safari on iOS',
    'Safari on macOS',
    'Firefox on Linux',
    'Microsoft Edge on Windows',
    'unknown device',
    'unknown device',
  ]);
  expect(deviceName(null)).toBe('unknown device');
  expect(deviceName('Mozilla/5.0 (Windows NT 10.0; Win64; x64)')).toBe('Windows');
});

test.each([
  'Your account is locked, go to https://evil.example/login (now) please',
  'evil.example/1.0 (see) x',
  '<b>x</b>/1 (y) z',
  '/'.repeat(16_000),
  `${'a/'.repeat(8000)} \t(`,
])('nobody can put words of their own into a name', (agent) => {
  expect(nameIn(agent, 'browser')).toBeNull();
  expect(deviceName(agent)).toBe('unknown device');
});
