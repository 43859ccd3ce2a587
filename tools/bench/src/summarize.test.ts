import { expect, test } from 'vitest';
import type { Sample } from './benchmark.ts';
import { quantile } from './quantile.ts';
import { summarize } from './summarize.ts';

test('of several runs the medians count, and every fault', () => {
  const run = (lag: number, missed: number, calls: Record<string, number>): Sample => ({
    values: { lag },
    faults: { missed },
    items: { calls },
  });
  // The second run made no such call.
  expect(summarize([run(30, 0, { describes: 2 }), run(10, 1, {}), run(20, 2, { describes: 4 })])).toEqual({
    values: { lag: 20 },
    faults: { missed: 3 },
    items: { calls: { describes: 2 } },
  });
});

test('a quantile is one of the values', () => {
  const values = Array.from({ length: 400 }, (_, n) => 400 - n);
  expect([quantile(values, 0.5), quantile(values, 0.99), quantile(values, 1)]).toEqual([200, 396, 400]);
  expect(quantile([], 0.5)).toBeNaN();
});
