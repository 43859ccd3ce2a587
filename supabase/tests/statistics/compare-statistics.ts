import { EXECUTION_STATUSES } from '@runledger/contracts';
import type { SqlDatabase } from '@runledger/local-stack';
import { expect } from 'vitest';
import { withCounts } from '../status-counts.ts';
import type { Figures, Scope, Span } from './naive-statistics.ts';
import { naiveStatistics } from './naive-statistics.ts';

const COUNTED = ['total', ...EXECUTION_STATUSES, 'success_rate'];
const scoped = 'p_user_id => $1, p_workflow_id => $2, p_from => $3, p_to => $4';
const params = ({ user, workflow }: Scope, { from, to }: Span) => [user, workflow, from, to];

const pick = (row: Figures, names: string[]) => Object.fromEntries(names.map((name) => [name, row[name] ?? null]));

/** Of a percentile: within 2 % of the value of that rank, and never beyond the smallest and the largest. */
function expectPercentiles(given: Figures, truth: Figures, names: string[]) {
  for (const name of names) {
    const [ours, exact] = [given[name] ?? null, truth[name] ?? null];
    if (ours === null || exact === null) {
      expect({ [name]: ours }).toEqual({ [name]: exact });
      continue;
    }
    expect(Math.abs(ours - exact), `${name}: ${ours}, exactly ${exact}`).toBeLessThanOrEqual(0.02 * exact + 1e-9);
    const of = name.slice(4);
    for (const [edge, sign] of [
      ['min', 1],
      ['max', -1],
    ] as const) {
      const known = given[`${edge}_${of}`];
      if (known !== undefined && known !== null)
        expect(sign * (ours - known), `${name} and ${edge}`).toBeGreaterThanOrEqual(0);
    }
  }
}

function expectTimes(given: Figures, truth: Figures, of: 'duration' | 'queue') {
  const [avg, min, max] = [`avg_${of}_ms`, `min_${of}_ms`, `max_${of}_ms`];
  expect(given[avg] === null).toBe(truth[avg] === null);
  if (truth[avg] !== null) expect(given[avg]).toBeCloseTo(truth[avg] as number, 3);
  if (given.extremes_are_exact) expect(pick(given, [min, max])).toEqual(pick(truth, [min, max]));
  else if (truth[min] !== null) {
    expect(given[min]).toBeLessThanOrEqual(truth[min] as number);
    expect(given[max]).toBeGreaterThanOrEqual(truth[max] as number);
  }
  expectPercentiles(
    given,
    truth,
    [50, 90, 95, 99].map((p) => `p${p}_${of}_ms`),
  );
}

/** Asks every function of statistics and the rows, and expects the same. */
export function statisticsOf(db: SqlDatabase) {
  const naive = naiveStatistics(db);
  return {
    /** Answers the windows that the numbers are of: of this period, and of the one before. */
    async expectStats(scope: Scope, asked: Span): Promise<[Span, Span?]> {
      const rows = await db.query<Figures & { starts_at: string; ends_at: string; period: string; verdicts: object }>(
        `select *, starts_at, ends_at from runledger.get_execution_stats(${scoped}, p_with_previous => true)`,
        params(scope, asked),
      );
      expect(rows.map(({ period }) => period)).toEqual(asked.from && asked.to ? ['current', 'previous'] : ['current']);
      for (const given of rows) {
        const span = { from: given.starts_at, to: given.ends_at };
        const truth = await naive.stats(scope, span);
        expect(pick(withCounts(given), COUNTED)).toEqual(pick(truth, COUNTED));
        expect(given.verdicts).toEqual(truth.verdicts);
        expectTimes(given, truth, 'duration');
        expectTimes(given, truth, 'queue');
      }
      return rows.map(({ starts_at, ends_at }) => ({ from: starts_at, to: ends_at })) as [Span, Span?];
    },

    async expectSeries(scope: Scope, asked: Span, step: 'hour' | 'day', zone: string) {
      const points = await db.query<Figures & { starts_at: string; ends_at: string; is_rounded: boolean }>(
        `select * from runledger.get_execution_series(${scoped}, p_step => $5, p_time_zone => $6) order by starts_at`,
        [...params(scope, asked), step, zone],
      );
      const truths = await naive.series(
        scope,
        points.map(({ starts_at, ends_at }) => ({ from: starts_at, to: ends_at })),
      );
      for (const [at, point] of points.entries()) {
        const truth = truths[at] as Figures;
        expect(pick(withCounts(point), COUNTED.slice(0, -1))).toEqual(pick(truth, COUNTED.slice(0, -1)));
        expect(point.avg_duration_ms === null).toBe(truth.avg_duration_ms === null);
        if (truth.avg_duration_ms !== null)
          expect(point.avg_duration_ms).toBeCloseTo(truth.avg_duration_ms as number, 3);
        expectPercentiles(point, truth, ['p50_duration_ms', 'p95_duration_ms']);
      }
      return points;
    },

    async expectRankings(scope: Scope, asked: Span, [span, before]: [Span, Span?]) {
      const top = await db.query<Figures>(
        'select * from runledger.get_top_workflows($1, $2, $3, 3, p_with_previous => $4)',
        [scope.user, asked.from, asked.to, before !== undefined],
      );
      const truth = await naive.workflows({ ...scope, workflow: null }, span, 3);
      const truthBefore = before ? await naive.workflows({ ...scope, workflow: null }, before, 200) : [];
      const names = ['workflow_id', ...COUNTED];
      expect(top.map((row) => pick(withCounts(row), names))).toEqual(truth.map((row) => pick(row, names)));
      for (const [at, row] of top.entries()) {
        if (row.avg_duration_ms !== null)
          expect(row.avg_duration_ms).toBeCloseTo(truth[at]?.avg_duration_ms as number, 3);
        expectPercentiles(row, truth[at] as Figures, ['p95_duration_ms']);
        const { workflow_id, previous_total, previous_success_rate } = row;
        const earlier = truthBefore.find((other) => other.workflow_id === workflow_id) ?? {};
        expect([previous_total, previous_success_rate]).toEqual([
          before ? (earlier.total ?? 0) : null,
          earlier.success_rate ?? null,
        ]);
        expectPercentiles({ p95_duration_ms: row.previous_p95_duration_ms ?? null }, earlier, ['p95_duration_ms']);
      }

      // First, last and sample are looked up by a user or a workflow; failures of everybody have none.
      if (scope.user === null && scope.workflow === null) return;
      const failures = await db.query<Record<string, unknown>>(
        `select failure_group, executions, first_started_at, last_started_at, last_execution_id
           from runledger.get_top_failures(${scoped}, p_limit => 50)`,
        params(scope, asked),
      );
      expect(failures).toEqual(await naive.failures(scope, span));
    },

    async expectCounters(user: string | null) {
      const ever = { from: null, to: null };
      const names = ['workflow_id', ...COUNTED.slice(0, -1)];
      const counters = await db.query<Figures>('select * from runledger.get_workflow_counters($1)', [user]);
      const truth = (await naive.workflows({ user, workflow: null }, ever, 100)).toSorted((a, b) =>
        String(a.workflow_id) < String(b.workflow_id) ? -1 : 1,
      );
      expect(counters.map((row) => pick(withCounts(row), names))).toEqual(truth.map((row) => pick(row, names)));
      if (user === null) return;
      const [runs] = await db.query<{ n: number }>('select runledger.get_user_workflow_run_count($1) as n', [user]);
      expect(runs?.n).toBe(truth.reduce((sum, row) => sum + (row.completed ?? 0) + (row.failed ?? 0), 0));
      const view = await db.query<Figures>(
        `select workflow_id, completed_count::int as completed, failed_count::int as failed from runledger.workflow_run_counts where user_id = $1 order by 1`,
        [user],
      );
      expect(view).toEqual(truth.map((row) => pick(row, ['workflow_id', 'completed', 'failed'])));
    },
  };
}
