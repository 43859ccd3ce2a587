import type { Evidence } from './compare/compare.ts';
import type { CounterOff } from './compare/counters.ts';
import type { Difference, Verdict } from './compare/difference.ts';

/** An execution that could not be driven as its kind says. */
export interface Undriven {
  kind: string;
  error: string;
}

export interface Findings {
  seed: number;
  /** Names of those that struck, in their order. */
  faults: string[];
  evidence: Evidence;
  differences: Difference[];
  undriven: Undriven[];
  counters: CounterOff[];
  /** Processes that ended without being asked to. */
  exits: string[];
  durationMs: number;
  /** Where the logs are. */
  folder: string;
}

type KindLine = Record<Verdict, number> & { executions: number };

export interface Report extends Omit<Findings, 'evidence'> {
  /** What was started and had to be recorded or left alone. */
  executions: number;
  rows: number;
  /** Rows of executions that Temporal has nothing to do with. */
  directRows: number;
  byKind: Record<string, KindLine>;
  byStatus: Record<string, number>;
  /** Ends by who noticed them. What only the reconciler found, no hint announced. */
  bySource: Record<string, number>;
}

const tally = (names: string[]): Record<string, number> =>
  Object.fromEntries(
    [...Map.groupBy(names, (name) => name)].map(([name, all]) => [name, all.length] as const).toSorted(),
  );

export function makeReport({ evidence, ...findings }: Findings): Report {
  const { expected, rows } = evidence;
  const byKind: Record<string, KindLine> = {};
  const lineOf = (kind: string) => {
    byKind[kind] ??= { executions: 0, lost: 0, wrong: 0, twice: 0, unsettled: 0, uninvited: 0, unintended: 0 };
    return byKind[kind];
  };
  for (const { kind } of expected) lineOf(kind).executions += 1;
  // Executions, not details: a row that is wrong in four ways is one wrong row.
  const each = new Set(
    findings.differences.map(({ kind, verdict, workflowId }) => `${kind}\n${verdict}\n${workflowId}`),
  );
  for (const one of each) {
    const [kind, verdict] = one.split('\n') as [string, Verdict];
    lineOf(kind)[verdict] += 1;
  }
  return {
    ...findings,
    executions: expected.length,
    rows: rows.length,
    directRows: rows.filter(({ engine }) => engine === 'none').length,
    byKind,
    byStatus: tally(rows.map(({ status }) => status)),
    bySource: tally(rows.flatMap(({ ends }) => ends.map(({ source }) => source))),
  };
}

export const isClean = ({ differences, undriven, counters, exits }: Report): boolean =>
  [differences, undriven, counters, exits].every(({ length }) => length === 0);

/** For people: one line per kind, what is off, and the totals. */
export function printReport(report: Report, print: Pick<Console, 'table' | 'log'> = console): void {
  const { byKind, differences, undriven, counters, exits } = report;
  print.table(byKind);
  for (const { verdict, kind, workflowId, what, ledger, engine } of differences.slice(0, 60))
    print.log(`${verdict}: ${kind}, ${workflowId}: ${what}: ledger ${ledger}, Temporal ${engine}`);
  if (differences.length > 60) print.log(`… and ${differences.length - 60} more`);
  for (const { kind, error } of undriven) print.log(`not driven: ${kind}: ${error}`);
  for (const { of, counter, given, recounted } of counters)
    print.log(`counter: ${of}: ${counter} is ${given}, the rows add up to ${recounted}`);
  for (const exit of exits) print.log(exit);
  print.table(tally(report.faults));
  const total = (verdict: Verdict) => Object.values(byKind).reduce((sum, line) => sum + line[verdict], 0);
  print.table({
    ...{ executions: report.executions, rows: report.rows, 'rows of direct executions': report.directRows },
    ...{ lost: total('lost'), wrong: total('wrong'), twice: total('twice'), unsettled: total('unsettled') },
    ...{ uninvited: total('uninvited'), unintended: total('unintended'), 'not driven': undriven.length },
    ...{ 'counters off': counters.length, 'processes that gave up': exits.length },
    ...Object.fromEntries(Object.entries(report.bySource).map(([source, n]) => [`ends found by ${source}`, n])),
    ...{ faults: report.faults.length, seconds: Math.round(report.durationMs / 1000) },
  });
}
