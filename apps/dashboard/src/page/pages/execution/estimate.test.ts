import { describe, expect, test } from 'vitest';
import { percentNow } from './estimate.ts';

const BEGAN = '2026-11-21T09:00:00Z';
const after = (ms: number) => Date.parse(BEGAN) + ms;
const run = { usual: { p50: 10_000 }, engineStartedAt: BEGAN, startedAt: BEGAN };

describe('how far an execution is', () => {
  test('is what was reported, whatever the clock says', () => {
    expect(percentNow({ estimated: false, percent: 40 }, run, after(9_000))).toBe(40);
  });

  test('is estimated by how long such executions take', () => {
    expect(percentNow({ estimated: true, percent: 0 }, run, after(5_000))).toBe(50);
  });

  test('is none at all before it has begun, as a clock that is wrong has it', () => {
    expect(percentNow({ estimated: true, percent: 0 }, run, after(-3_600_000))).toBe(0);
  });

  test('is not known of one that takes longer than they do: nearly done is not said for hours', () => {
    expect(percentNow({ estimated: true, percent: 95 }, run, after(9_600))).toBeNull();
    expect(percentNow({ estimated: true, percent: 95 }, run, after(3_600_000))).toBeNull();
  });
});
