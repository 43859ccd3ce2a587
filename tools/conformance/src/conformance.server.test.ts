import { expect, test } from 'vitest';
import { FAULTS } from './faults/faults.ts';
import { KINDS } from './kinds/kinds.ts';
import { run } from './run.ts';

/** One of each sort; the command has them all. */
const HANDFUL = [
  'kill -9 of the worker that follows',
  'kill -9 of the API',
  'crash of the database',
  'restart of Temporal',
  'cut of worker → supabase',
  'stall of worker → temporal',
];

test('whatever fails meanwhile, each execution is recorded once, as Temporal says it ended', async () => {
  const possibleFaults = FAULTS.filter(({ name }) => HANDFUL.includes(name));
  const report = await run({ executions: KINDS.length, faults: HANDFUL.length, possibleFaults });
  const { differences, undriven, counters, exits } = report;
  expect({ differences, undriven, counters, exits }).toEqual({
    differences: [],
    undriven: [],
    counters: [],
    exits: [],
  });
  expect(report.faults.toSorted()).toEqual(HANDFUL.toSorted());
  expect(Object.keys(report.byKind).toSorted()).toEqual(KINDS.map(({ name }) => name).toSorted());
  const executionsOf = (kind: string) => report.byKind[kind]?.executions ?? 0;
  // Of the last kind, every second one is the stranger's.
  const strangers =
    executionsOf('a stranger, of no rule') +
    executionsOf("registered before its start, under an id that a stranger's run had") / 2;
  const wanted = report.executions - strangers;
  expect(report.rows).toBe(wanted);
  expect(Object.values(report.byStatus).reduce((sum, n) => sum + n)).toBe(wanted);
});
