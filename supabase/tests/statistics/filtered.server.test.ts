import { databaseKinds } from '@runledger/local-stack';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FilterWorld, Found } from '../lists/filter-world.ts';
import { DAYS, holds, openFilterWorld, someFilter } from '../lists/filter-world.ts';
import type { Figures } from './naive-statistics.ts';

interface Asked {
  user?: string;
  workflow?: string;
  everybody?: boolean;
  from?: string | null;
  to?: string | null;
  by?: 'start' | 'end';
  filter?: Record<string, unknown>;
}

type StatsRow = Figures & {
  counts: Record<string, number>;
  verdicts: Record<string, number>;
  counts_are_exact: boolean;
};

const countBy = (rows: Found[], label: (row: Found) => string | null): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const row of rows) {
    const of = label(row);
    if (of !== null) counts[of] = (counts[of] ?? 0) + 1;
  }
  return counts;
};

/** The smallest value that so many percent do not exceed. */
const percentile = (sorted: number[], percent: number) =>
  sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? null;

describe.each(databaseKinds)('on %s', (kind) => {
  let world: FilterWorld;
  beforeAll(async () => {
    world = await openFilterWorld(kind);
  });
  afterAll(() => world.ledger.db.close());

  const asService = <R>(work: Parameters<typeof world.ledger.db.as<R>>[2]) =>
    world.ledger.db.as('service_role', null, work);
  const argumentsOf = ({ user, workflow, from, to, by = 'start', filter = {}, everybody = false }: Asked) => [
    ...[user ?? null, workflow ?? null, from ?? null, to ?? null, by, JSON.stringify(filter), everybody],
  ];
  const stats = async (asked: Asked, withPrevious = false) => {
    const [row] = await asService((db) =>
      db.query<{ rows: StatsRow[] }>(
        'select runledger.get_filtered_stats($1, $2, $3, $4, $5, $6::jsonb, p_everybody => $7, p_with_previous => $8) as rows',
        [...argumentsOf(asked), withPrevious],
      ),
    );
    return (row as { rows: StatsRow[] }).rows;
  };
  const series = async (asked: Asked, step: string, zone = 'UTC') => {
    const [row] = await asService((db) =>
      db.query<{ series: { points: (Figures & { starts_at: string })[]; counts_are_exact: boolean } }>(
        `select runledger.get_filtered_series($1, $2, $3, $4, p_by => $5, p_filter => $6::jsonb, p_everybody => $7,
           p_step => $8, p_time_zone => $9) as series`,
        [...argumentsOf(asked), step, zone],
      ),
    );
    return (row as { series: { points: (Figures & { starts_at: string })[]; counts_are_exact: boolean } }).series;
  };

  /** What the question means, written a second time. */
  function meant({ user, workflow, from, to, by = 'start', filter = {} }: Asked): Found[] {
    return world.rows.filter((row) => {
      const at = by === 'end' ? row.completed_at : row.started_at;
      return (
        (user === undefined || row.created_by === user) &&
        (workflow === undefined || row.workflow_id === workflow) &&
        at !== null &&
        (!from || Date.parse(at) >= Date.parse(from)) &&
        (!to || Date.parse(at) < Date.parse(to)) &&
        holds(filter, row)
      );
    });
  }

  function expectFigures(given: StatsRow | undefined, rows: Found[]): void {
    const times = rows.flatMap(({ duration_ms }) => duration_ms ?? []).toSorted((a, b) => a - b);
    const ended = rows.filter(({ completed_at }) => completed_at !== null).length;
    const completed = rows.filter(({ status }) => status === 'completed').length;
    expect(given).toMatchObject({
      total: rows.length,
      counts: countBy(rows, ({ status }) => status),
      verdicts: countBy(rows, ({ verdict }) => verdict),
      success_rate: ended === 0 ? null : Math.round((1_000 * completed) / ended) / 10,
      min_duration_ms: times[0] ?? null,
      max_duration_ms: times.at(-1) ?? null,
      p50_duration_ms: percentile(times, 50),
      p99_duration_ms: percentile(times, 99),
      counts_are_exact: true,
    });
    if (times.length > 0)
      expect(given?.avg_duration_ms).toBeCloseTo(times.reduce((sum, ms) => sum + ms, 0) / times.length, 3);
  }

  test('every filter, in every scope and by either end, counts what it means, exactly, and again as a series', async () => {
    const { ada } = world.ledger;
    const day = fc.constantFrom(...DAYS, null);
    await fc.assert(
      fc.asyncProperty(
        someFilter(world),
        fc.constantFrom<Asked>(
          { user: ada.id },
          { workflow: ada.workflowId },
          { user: ada.id, workflow: ada.workflowId },
          { everybody: true },
        ),
        fc.tuple(day, day).filter(([from, to]) => !from || !to || from <= to),
        fc.constantFrom('start' as const, 'end' as const),
        async (filter, scope, [from, to], by) => {
          const asked = { ...scope, from, to, by, filter };
          expectFigures((await stats(asked))[0], meant(asked));
          const { points } = await series({ ...asked, from: DAYS[0], to: DAYS[3] }, 'day');
          expect(points.map(({ total }) => total)).toEqual(
            [0, 1, 2].map((at) => meant({ ...asked, from: DAYS[at], to: DAYS[at + 1] }).length),
          );
        },
      ),
      { numRuns: 120 },
    );
  });

  test('the window before is as long, and ends where this one begins', async () => {
    const asked = { user: world.ledger.ada.id, by: 'end' as const, from: DAYS[1], to: DAYS[2] };
    const [now, before] = await stats(asked, true);
    expectFigures(now, meant(asked));
    expectFigures(before, meant({ ...asked, from: DAYS[0], to: DAYS[1] }));
    expect(await stats({ ...asked, from: null }, true)).toHaveLength(1);
    // Of thousands of years there is none before, whoever answers.
    const ages = { from: '0001-01-02T00:00:00Z', to: '9999-12-31T00:00:00Z' };
    expect(await stats({ ...asked, ...ages }, true)).toHaveLength(1);
    const counted = 'select * from runledger.get_execution_stats(null, $1, $2, $3, true)';
    expect(await asService((db) => db.query(counted, [asked.user, ages.from, ages.to]))).toHaveLength(1);
  });

  test('days of a zone off the hour are those of the zone, not of the nearest hour', async () => {
    const { points } = await series(
      { user: world.ledger.ada.id, from: '2026-01-01T18:15:00Z', to: '2026-01-03T18:15:00Z' },
      'day',
      'Asia/Kathmandu',
    );
    expect(points.map(({ starts_at }) => Date.parse(starts_at))).toEqual(
      ['2026-01-01T18:15:00Z', '2026-01-02T18:15:00Z'].map((at) => Date.parse(at)),
    );
  });

  test('what is too much to look at is refused, unless an index leads to the few that are wanted', async () => {
    const { db, bob } = world.ledger;
    await db.query(`insert into runledger.users (id) values ('busy')`);
    await db.query(
      `insert into runledger.workflow_executions (workflow_id, created_by, status, error_message, started_at, completed_at, tags)
       select $1, 'busy', case when i % 1000 = 0 then 'failed' else 'completed' end, case when i % 1000 = 0 then 'Sold out' end,
              at, at, '{shop}' from (select i, '2026-02-01'::timestamptz + i * interval '1 second' as at from generate_series(1, 20001) i) x`,
      [bob.workflowId],
    );
    for (const by of ['start', 'end'] as const) {
      const asked = { user: 'busy', by };
      await expect(stats(asked), by).rejects.toMatchObject({ code: 'PT400', detail: 'invalid_input' });
      await expect(stats({ ...asked, filter: { tags: ['shop'] } })).rejects.toMatchObject({ code: 'PT400' });
      expect(await stats({ ...asked, to: '2026-02-01T05:33:21Z' })).toMatchObject([{ total: 20_000 }]);
      expect(await stats({ ...asked, filter: { status: ['failed'] } })).toMatchObject([{ total: 20 }]);
      expect(await stats({ ...asked, filter: { text: 'sold out' } })).toMatchObject([{ total: 20 }]);
    }
    // Everybody's by end, of all workflows together.
    await expect(stats({ everybody: true, by: 'end' })).rejects.toMatchObject({ code: 'PT400' });
    expect(await stats({ everybody: true, by: 'end', to: DAYS[3] })).toMatchObject([
      { total: meant({ by: 'end', to: DAYS[3] }).length },
    ]);
  });

  test.each([
    ['neither a user nor a workflow', {}],
    ['a window that ends before it starts', { user: 'ada', from: DAYS[1], to: DAYS[0] }],
    ['a filter that is none', { user: 'ada', filter: { owner: 'bob' } }],
    ['an end that is none', { user: 'ada', by: 'middle' as 'end' }],
  ])('%s is refused', async (_, asked: Asked) => {
    await expect(stats(asked)).rejects.toMatchObject({ code: 'PT400', detail: 'invalid_input' });
  });

  test.each(['anon', 'authenticated'] as const)('%s can ask for neither', async (role) => {
    for (const call of ['get_filtered_stats', 'get_filtered_series'])
      await expect(
        world.ledger.db.as(role, world.ledger.ada.id, (db) => db.query(`select runledger.${call}('ada')`)),
      ).rejects.toMatchObject({ code: '42501' });
  });

  test('where some may have been pruned, counts say that they are at least so many', async () => {
    const { db, ada } = world.ledger;
    await db.query(
      `insert into runledger.execution_prunes (id, policy, rows_before, rows) values (gen_random_uuid(), '{}', $1, 3)`,
      [DAYS[1]],
    );
    const asked = { user: ada.id, by: 'end' as const, to: DAYS[3] };
    expect(await stats({ ...asked, from: DAYS[0] })).toMatchObject([{ counts_are_exact: false }]);
    expect(await stats({ ...asked, from: DAYS[1] })).toMatchObject([{ counts_are_exact: true }]);
    expect(await series({ ...asked, from: DAYS[0] }, 'hour')).toMatchObject({ counts_are_exact: false });
  });
});
