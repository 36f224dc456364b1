import { expect, test } from 'vitest';
import { timezoneViolations } from '../../src/features/profile/profile.rules.ts';

const codes = (timezone: string) =>
  timezoneViolations(timezone, 'timezone').map(({ code }) => code);

test.each([
  'Europe/Berlin',
  'america/argentina/buenos_aires',
  'Asia/Kolkata',
  'Asia/Calcutta',
  'UTC',
  'EST',
  'Etc/GMT+5',
])('%s is a zone', (zone) => {
  expect(codes(zone)).toEqual([]);
});

test.each(['0', '-12', '14', '+14', '5', '-5', '-3.5', '5.75', '+05:30', '-12:00', '+14:00'])(
  '%s is an offset',
  (offset) => {
    expect(codes(offset)).toEqual([]);
  },
);

test.each([
  'Mars/Phobos',
  'Berlin',
  'Europe/',
  '/Berlin',
  'Z',
  'local',
  '-13',
  '15',
  '14.25',
  '-12.25',
  '+14:01',
  '-12:01',
  '+5:30',
  '05:30',
  '+05:60',
  '+0530',
  '5.3',
  '--5',
  '1e1',
  '0x5',
  '5,5',
  '−5',
  'Europe/Berlin\0',
  '٥',
])('%j is neither', (text) => {
  expect(codes(text)).toEqual(['INVALID']);
});

test.each(['BST', 'IST', 'CST', 'PST', 'jst', 'SystemV/EST5'])(
  '%s, which people do not agree on, is no zone',
  (name) => {
    expect(codes(name)).toEqual(['INVALID']);
  },
);
