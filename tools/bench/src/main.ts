/** Runs benchmarks and says which figures were reached. Exit codes: 0 when all were, 1 otherwise. */
import { writeFile } from 'node:fs/promises';
import { Argument, Command, InvalidArgumentError } from 'commander';
import { DEFAULTS } from './benchmark.ts';
import { BENCHMARKS } from './catalog.ts';
import { describeMachine } from './machine.ts';
import { createProgress } from './progress.ts';
import type { Result } from './run-benchmark.ts';
import { runBenchmark } from './run-benchmark.ts';
import { markdownResults, showResults } from './show-results.ts';

interface Options {
  runs: number;
  open: number;
  manyOpen: number;
  backlog: number;
  few: number;
  seconds: number;
  idle: number;
  outage: number;
  executions: number;
  rows: number;
  leaving: number;
  oldRows: number;
  subscribers: number;
  json?: string;
  markdown?: true;
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('Must be greater than 0.');
  return value;
}

const names = BENCHMARKS.map(({ name }) => name);
const program = new Command('bench')
  .description('Measures Runledger next to the obvious alternatives, in one run on one machine.')
  .addArgument(new Argument('<name...>', 'what to measure').choices([...names, 'all']))
  .option('--runs <n>', 'how often; the median counts', positive, DEFAULTS.runs)
  .option('--open <n>', 'open executions where they are many', positive, DEFAULTS.many)
  .option('--backlog <n>', 'histories that wait', positive, DEFAULTS.backlog)
  .option('--many-open <n>', 'open executions in the largest namespace', positive, DEFAULTS.manyOpen)
  .option('--few <n>', 'open executions where they are few', positive, DEFAULTS.few)
  .option('--seconds <n>', 'how long executions are closed', positive, DEFAULTS.closeSeconds)
  .option('--idle <n>', 'how long calls are counted while nothing happens, in seconds', positive, DEFAULTS.idleSeconds)
  .option('--outage <n>', 'how long Temporal is away, in seconds', positive, DEFAULTS.outageSeconds)
  .option('--executions <n>', 'short executions that a worker runs', positive, DEFAULTS.executions)
  .option('--rows <n>', 'executions in the large ledger', positive, DEFAULTS.rows)
  .option('--leaving <n>', 'executions of the user who leaves', positive, DEFAULTS.leaving)
  .option('--old-rows <n>', 'rows of the table that is imported', positive, DEFAULTS.oldRows)
  .option('--subscribers <n>', 'streams that are open at once', positive, DEFAULTS.subscribers)
  .option('--json <file>', 'writes every run there')
  .option('--markdown', 'prints the table as Markdown')
  .addHelpText('after', ['', ...BENCHMARKS.map(({ name, about }) => `${name.padEnd(20)}${about}`)].join('\n'))
  .parse();

const options = program.opts<Options>();
const settings = {
  runs: options.runs,
  few: options.few,
  many: options.open,
  manyOpen: options.manyOpen,
  backlog: options.backlog,
  closeSeconds: options.seconds,
  idleSeconds: options.idle,
  outageSeconds: options.outage,
  executions: options.executions,
  rows: options.rows,
  leaving: options.leaving,
  oldRows: options.oldRows,
  subscribers: options.subscribers,
};
const chosen = program.args.includes('all') ? BENCHMARKS : BENCHMARKS.filter(({ name }) => program.args.includes(name));
const machine = describeMachine();
const progress = createProgress(process.stderr);
const results: Result[] = [];
for (const benchmark of chosen) results.push(await runBenchmark(benchmark, settings, progress.say));
progress.clear();
if (options.json) await writeFile(options.json, `${JSON.stringify({ machine, settings, results }, null, 2)}\n`);
console.log(options.markdown ? markdownResults(results, machine) : `${machine}\n\n${showResults(results)}`);
process.exitCode = results.some(({ rows }) => rows.some(({ reached }) => reached === false)) ? 1 : 0;
