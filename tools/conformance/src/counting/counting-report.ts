import type { Check, Difference } from './check.ts';
import type { Tally } from './tally.ts';

export interface CountingReport {
  seed: number;
  checks: number;
  crashes: number;
  checksThatDiffer: number;
  /** Of the first checks that differ; of each field a few, so that none crowds out the others. */
  differences: Difference[];
  /** Checks in which verify_execution_stats was asked too. */
  checksVerified: number;
  /** Of these, those of which it says otherwise than this kit. */
  checksThatVerifyJudgesOtherwise: number;
  /** Numbers that were compared, over all checks. */
  fields: number;
  /** The most that one check saw. */
  largest: Pick<Check, 'rows' | 'pruned' | 'cells' | 'tail'>;
  tally: Tally;
  durationMs: number;
}

const SHOWN = 60;
const SHOWN_OF_A_FIELD = 5;

export const emptyReport = (seed: number, tally: Tally): CountingReport => ({
  ...{
    seed,
    checks: 0,
    crashes: 0,
    checksThatDiffer: 0,
    checksVerified: 0,
    differences: [],
    checksThatVerifyJudgesOtherwise: 0,
    fields: 0,
  },
  largest: { rows: 0, pruned: 0, cells: 0, tail: 0 },
  ...{ tally, durationMs: 0 },
});

export function include(report: CountingReport, check: Check): void {
  const differs = check.differences.length > 0;
  report.checks += 1;
  report.fields += check.fields;
  if (differs) report.checksThatDiffer += 1;
  if (check.verifyDifferences !== null) report.checksVerified += 1;
  if (check.verifyDifferences !== null && differs !== check.verifyDifferences > 0)
    report.checksThatVerifyJudgesOtherwise += 1;
  for (const difference of check.differences) {
    const alike = report.differences.filter(({ field }) => field === difference.field).length;
    if (alike < SHOWN_OF_A_FIELD && report.differences.length < SHOWN) report.differences.push(difference);
  }
  for (const what of ['rows', 'pruned', 'cells', 'tail'] as const)
    report.largest[what] = Math.max(report.largest[what], check[what]);
}

export const isExact = ({ checksThatDiffer, checksThatVerifyJudgesOtherwise, tally }: CountingReport): boolean =>
  checksThatDiffer === 0 && checksThatVerifyJudgesOtherwise === 0 && tally.unexpected.length === 0;

/** For people: the cells that differ, what was done, and the totals. */
export function printCountingReport(report: CountingReport, print: Pick<Console, 'table' | 'log'> = console): void {
  const { tally, differences, largest, ...totals } = report;
  for (const { user, workflow, grain, startsAt, field, counted, recounted } of differences)
    print.log(
      `${user || 'all users'}, ${workflow || 'all workflows'}, ${grain} ${startsAt}: ${field} is ${counted}, the rows add up to ${recounted}`,
    );
  for (const error of tally.unexpected) print.log(`unexpected: ${error}`);
  print.table(tally.changedRows);
  print.table(tally.refused);
  const { committed, rolledBack, interrupted, folded } = tally;
  print.table({
    ...{
      'transactions committed': committed,
      'rolled back': rolledBack,
      'ended by a crash': interrupted,
      'deltas folded': folded,
    },
    ...Object.fromEntries(Object.entries(largest).map(([what, n]) => [`${what}, at most`, n])),
    ...{
      crashes: totals.crashes,
      checks: totals.checks,
      'numbers compared': totals.fields,
      seconds: Math.round(totals.durationMs / 1000),
    },
    ...{
      'checks that differ': totals.checksThatDiffer,
      'judged otherwise by verify_execution_stats': totals.checksThatVerifyJudgesOtherwise,
    },
  });
}
