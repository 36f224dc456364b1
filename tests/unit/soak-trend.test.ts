import { expect, test } from 'vitest';
import { growthPerHour, trendsOf, type Sample } from '../soak/trend.ts';

const samples = (value: (index: number) => number): Sample[] =>
  Array.from({ length: 60 }, (_, index) => ({
    seconds: index * 60,
    values: { memory: value(index) },
  }));

test('a saw tooth that comes back to the same floor does not grow', () => {
  expect(
    Math.abs(
      growthPerHour(
        samples((index) => index % 7),
        'memory',
      ),
    ),
  ).toBeLessThan(1);
});

test('a leak below a saw tooth and under wild samples is found', () => {
  const leaking = samples((index) => index + (index % 7) * 3 + (index === 30 ? 10_000 : 0));
  expect(growthPerHour(leaking, 'memory')).toBeCloseTo(60, -1);
  const [trend] = trendsOf(leaking, { memory: 20 });
  expect(trend?.growth).toBeGreaterThan(trend?.allowed ?? NaN);
});
