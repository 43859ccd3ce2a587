import type { Benchmark, Row, Sample, Say, Settings } from './benchmark.ts';
import { summarize } from './summarize.ts';

export interface Result {
  name: string;
  seconds: number;
  /** Each run as it was measured. */
  samples: Sample[];
  summary: Sample;
  rows: Row[];
}

export async function runBenchmark(benchmark: Benchmark, settings: Settings, say: Say): Promise<Result> {
  const began = performance.now();
  const { name } = benchmark;
  let step = '';
  const sayStep = (text: string) => say(`${name}: ${step}${text}`);
  sayStep('starting');
  await using prepared = await benchmark.prepare(settings, sayStep);
  const samples: Sample[] = [];
  const runs = prepared.runs ?? settings.runs;
  for (let run = 1; run <= runs; run += 1) {
    step = `run ${run} of ${runs}, `;
    samples.push(await prepared.run());
  }
  const summary = summarize(samples);
  const rows = benchmark.rows(summary, settings);
  return { name, seconds: Math.round((performance.now() - began) / 1_000), samples, summary, rows };
}
