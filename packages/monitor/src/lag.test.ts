import { expect, test } from 'vitest';
import { createLagGauge } from './lag.ts';

test('the worst lag is that of the last hour', () => {
  let now = Date.parse('2026-11-21T09:00:00Z');
  const lag = createLagGauge(() => now);
  expect(lag.worst()).toBeNull();
  lag.note('2026-11-21T08:59:50Z');
  lag.note('2026-11-21T08:59:59Z');
  expect(lag.worst()).toBe(10_000);
  now += 30 * 60_000;
  lag.note('2026-11-21T09:29:58Z');
  expect(lag.worst()).toBe(10_000);
  now += 31 * 60_000;
  expect(lag.worst()).toBe(2_000);
  now += 3_600_000;
  expect(lag.worst()).toBeNull();
});

test('a clock behind the engine does not make a lag negative', () => {
  const lag = createLagGauge(() => Date.parse('2026-11-21T09:00:00Z'));
  lag.note('2026-11-21T09:00:05Z');
  expect(lag.worst()).toBe(0);
});
