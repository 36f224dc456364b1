import { expect, test } from 'vitest';
import { progressLine } from '../../src/commands/progress.ts';
import { readTime } from '../../src/features/user-import/time.rules.ts';

test('a bar of progress tells rate and time left, where the end is known', () => {
  expect(progressLine(3, 50, 150, 12_000)).toBe(
    '[########----------------]  33 %  12,000 rows  4,000/s  6 s left',
  );
  expect(progressLine(100, 10, 100, 1)).toContain('15 min 00 s left');
  expect(progressLine(10, 100, 100, 500)).toContain('100 %  500 rows  50/s  0 s left');
  expect(progressLine(2, 12_345, undefined, 3_000)).toBe('3,000 rows  1,500/s');
  expect(progressLine(0, 0, 100, 0)).toBe('[------------------------]   0 %  0 rows  0/s');
});

test.each([
  ['2024-05-31T08:15:00Z', '2024-05-31T08:15:00.000Z'],
  ['2024-05-31T10:15:00.123456+02:00', '2024-05-31T08:15:00.123Z'],
  ['2024-05-31 08:15:00.1+00', '2024-05-31T08:15:00.100Z'],
  ['2024-05-31 08:15:00-0330', '2024-05-31T11:45:00.000Z'],
  ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
])('%s is a time', (text, time) => {
  expect(readTime(text)?.toISOString()).toBe(time);
});

test.each([
  '2023-02-29T00:00:00Z',
  '2024-13-01T00:00:00Z',
  '2024-05-31T25:00:00Z',
  '2024-05-31T08:15:00',
  '2024-05-31',
  '1717143300',
  'May 31, 2024',
])('%s is none', (text) => {
  expect(readTime(text)).toBeUndefined();
});
