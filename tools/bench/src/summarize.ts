import type { Sample } from './benchmark.ts';
import { quantile } from './quantile.ts';

/** Pure: medians of the values and items over the runs, sums of the faults. */
export function summarize(samples: Sample[]): Sample {
  const items: Sample['items'] = {};
  for (const name of keys(samples.map((sample) => sample.items))) {
    items[name] = medians(samples.map((sample) => sample.items[name] ?? {}));
  }
  const faults: Sample['faults'] = {};
  for (const name of keys(samples.map((sample) => sample.faults))) {
    faults[name] = samples.reduce((sum, sample) => sum + (sample.faults[name] ?? 0), 0);
  }
  return { values: medians(samples.map((sample) => sample.values)), faults, items };
}

function medians(runs: Record<string, number>[]): Record<string, number> {
  const entries = keys(runs).map((name) => {
    const values = runs.map((run) => run[name] ?? 0);
    return [name, quantile(values, 0.5)];
  });
  return Object.fromEntries(entries);
}

const keys = (records: object[]): string[] => [...new Set(records.flatMap((record) => Object.keys(record)))];
