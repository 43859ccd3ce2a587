import { databaseKinds } from '@runledger/local-stack';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LedgerDatabase } from '../ledger-database.ts';
import { insertDirect, insertExecution, openLedger } from '../ledger-database.ts';
import type { ListPage, SearchPage } from './page-cost.ts';
import { search } from './page-cost.ts';

interface Found {
  id: string;
  created_by: string;
  workflow_id: string;
  temporal_workflow_id: string | null;
  status: string;
  started_at: string;
  completed_at: string | null;
  outcome_authority: string | null;
  run_count: number;
  task_queue: string;
  workflow_type: string;
  duration_ms: number | null;
  verdict: string | null;
  tags: string[];
  failure_group: string | null;
  error_message: string | null;
  health: string | null;
}

/** What the filter means, written a second time. */
function holds(filter: Record<string, unknown>, row: Found): boolean {
  const list = (key: string) => filter[key] as string[] | undefined;
  const text = filter.text as string | undefined;
  const atLeast = (filter.minDurationMs as number | undefined) ?? null;
  const atMost = (filter.maxDurationMs as number | undefined) ?? null;
  const time = (at: string) => new Date(at).getTime();
  const not = filter.not as { status?: string[]; tags?: string[] } | undefined;
  const ended = row.completed_at === null ? Number.NaN : time(row.completed_at);
  return (
    !not?.status?.includes(row.status) &&
    !not?.tags?.some((tag) => row.tags.includes(tag)) &&
    (list('workflowIds')?.includes(row.workflow_id) ?? true) &&
    (filter.taskQueue === undefined || row.task_queue === filter.taskQueue) &&
    (filter.workflowType === undefined || row.workflow_type === filter.workflowType) &&
    (filter.endedFrom === undefined || ended >= time(filter.endedFrom as string)) &&
    (filter.endedTo === undefined || ended < time(filter.endedTo as string)) &&
    (filter.authority === undefined || row.outcome_authority === filter.authority) &&
    (filter.minRuns === undefined || row.run_count >= (filter.minRuns as number)) &&
    (filter.maxRuns === undefined || row.run_count <= (filter.maxRuns as number)) &&
    (list('status')?.includes(row.status) ?? true) &&
    (filter.from === undefined || time(row.started_at) >= time(filter.from as string)) &&
    (filter.to === undefined || time(row.started_at) < time(filter.to as string)) &&
    (filter.verdict === undefined || row.verdict === filter.verdict) &&
    (atLeast === null || (row.duration_ms !== null && row.duration_ms >= atLeast)) &&
    (atMost === null || (row.duration_ms !== null && row.duration_ms <= atMost)) &&
    (list('tags')?.some((tag) => row.tags.includes(tag)) ?? true) &&
    (list('allTags')?.every((tag) => row.tags.includes(tag)) ?? true) &&
    (list('health') === undefined || (row.health !== null && list('health')?.includes(row.health) === true)) &&
    (filter.failureGroup === undefined || row.failure_group === filter.failureGroup) &&
    (text === undefined || (row.error_message?.toLowerCase().includes(text.toLowerCase()) ?? false)) &&
    (list('ids')?.some((id) => id === row.id || id === row.temporal_workflow_id) ?? true)
  );
}

const STATUSES = ['pending', 'running', 'completed', 'failed', 'cancelled', 'timed_out', 'terminated'];
const DAYS = ['2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z', '2026-01-03T00:00:00Z', '2026-01-04T00:00:00Z'];
const MESSAGES = ['Card declined', 'card was DECLINED by 100% of_banks', "it's C:\\lost", 'Überweisung abgelehnt', 'x'];
const HEALTHS = ['live', 'late', 'wedged', 'cancelling', 'lost'];

describe.each(databaseKinds)('on %s', (kind) => {
  let ledger: LedgerDatabase;
  let rows: Found[];

  beforeAll(async () => {
    ledger = await openLedger(kind);
    const random = fc.sample(
      fc.record({
        owner: fc.constantFrom(ledger.ada, ledger.ada, ledger.bob),
        workflow: fc.constantFrom(ledger.ada.workflowId, ledger.bob.workflowId),
        status: fc.constantFrom(...STATUSES),
        started_at: fc.constantFrom(...DAYS),
        duration_ms: fc.constantFrom(1, 50, 50, 3_000),
        verdict: fc.constantFrom(null, null, 'rejected'),
        tags: fc.subarray(['vip', 'berlin', 'a, "b"']),
        error_message: fc.constantFrom(...MESSAGES),
        direct: fc.boolean(),
        run_count: fc.constantFrom(1, 1, 2, 5),
        health: fc.constantFrom(...HEALTHS),
      }),
      { numRuns: 160, seed: 7 },
    );
    for (const [
      index,
      { owner, workflow, direct, health, duration_ms, error_message, ...columns },
    ] of random.entries()) {
      const ended = !['pending', 'running'].includes(columns.status);
      const row = {
        ...columns,
        created_by: owner.id,
        workflow_id: workflow,
        ...(ended ? { duration_ms, completed_at: columns.started_at } : {}),
        ...(ended && columns.status !== 'completed' ? { error_message } : {}),
      };
      if (direct) {
        await insertDirect(ledger, row);
        continue;
      }
      // Every workflow id is used by three executions.
      const names = { temporal_workflow_id: `order-${index % 40}`, temporal_run_id: `run-${index}` };
      const id = await insertExecution(ledger, { ...row, ...names });
      await ledger.db.query('update runledger.execution_checks set health = $1 where execution_id = $2', [health, id]);
    }
    rows = await ledger.db.query<Found>(
      `select e.id, e.created_by, e.workflow_id, e.temporal_workflow_id, e.status, e.started_at, e.duration_ms, e.verdict,
              e.tags, e.failure_group, e.error_message, e.completed_at, e.outcome_authority, e.run_count, w.task_queue,
              w.workflow_type, c.health
         from runledger.workflow_executions e join runledger.workflows w on w.id = e.workflow_id left join runledger.execution_checks c on c.execution_id = e.id`,
    );
    await ledger.db.exec('analyze runledger.workflow_executions');
  });
  afterAll(() => ledger.db.close());

  const asService = <R>(work: Parameters<typeof ledger.db.as<R>>[2]) => ledger.db.as('service_role', null, work);

  async function walk(list: ListPage): Promise<string[]> {
    const seen: string[] = [];
    for (let after: SearchPage['next'] | undefined; after !== null; ) {
      const page = await asService((db) => search(db, { limit: 7, ...list, ...(after ? { after } : {}) }));
      seen.push(...page.rows.map(({ id }) => id));
      after = page.next;
    }
    return seen;
  }

  const subset = <T>(values: readonly T[]) => fc.subarray([...values], { minLength: 1 });
  const filterOf = (groups: string[], names: string[]) =>
    fc.record(
      {
        status: subset(STATUSES),
        not: fc.record(
          { status: subset(STATUSES), tags: subset(['vip', 'a, "b"', 'none']) },
          { requiredKeys: [], noNullPrototype: true },
        ),
        workflowIds: subset([ledger.ada.workflowId, ledger.bob.workflowId, '01939c5e-0000-7000-8000-00000000dead']),
        taskQueue: fc.constantFrom(...new Set(rows.map(({ task_queue }) => task_queue)), 'none'),
        workflowType: fc.constantFrom(...new Set(rows.map(({ workflow_type }) => workflow_type)), 'none'),
        endedFrom: fc.constantFrom(...DAYS),
        endedTo: fc.constantFrom(...DAYS),
        authority: fc.constantFrom('engine', 'reported'),
        minRuns: fc.constantFrom(0, 2),
        maxRuns: fc.constantFrom(1, 4),
        from: fc.constantFrom(...DAYS),
        to: fc.constantFrom(...DAYS),
        verdict: fc.constant('rejected'),
        minDurationMs: fc.constantFrom(0, 50, 51),
        maxDurationMs: fc.constantFrom(50, 3_000),
        tags: subset(['vip', 'a, "b"', 'none']),
        allTags: subset(['vip', 'berlin']),
        health: subset(HEALTHS),
        failureGroup: fc.constantFrom(...groups),
        text: fc.constantFrom('declined', '100% of_', "it's c:\\", 'weisung', '___', 'none of them'),
        ids: subset(names),
      },
      { requiredKeys: [], noNullPrototype: true },
    );

  test('every filter, in every scope and order, finds what it means, all of it, once and in order', async () => {
    const groups = [...new Set(rows.flatMap(({ failure_group }) => failure_group ?? []))];
    const names = rows.slice(0, 30).flatMap(({ id, temporal_workflow_id }) => [id, temporal_workflow_id ?? 'none']);
    await fc.assert(
      fc.asyncProperty(
        // One or two parts at a time: with more, hardly anything is found.
        filterOf(groups, names).chain((whole) =>
          fc.subarray(Object.keys(whole), { maxLength: 2 }).map((keys) => {
            return Object.fromEntries(Object.entries(whole).filter(([key]) => keys.includes(key)));
          }),
        ),
        fc.constantFrom<['user' | 'workflow', ...('user' | 'workflow')[]]>(
          ['user'],
          ['workflow'],
          ['user', 'workflow'],
        ),
        fc.constantFrom('started_at' as const, 'completed_at' as const, 'duration' as const),
        fc.boolean(),
        async (filter, scope, order, ascending) => {
          const orderBy = 'ids' in filter ? 'started_at' : order;
          const of = { user: ledger.ada.id, workflow: ledger.ada.workflowId };
          const scoped = Object.fromEntries(scope.map((part) => [part, of[part]]));
          const meant = rows.filter(
            (row) =>
              (scoped.user === undefined || row.created_by === scoped.user) &&
              (scoped.workflow === undefined || row.workflow_id === scoped.workflow) &&
              (orderBy === 'started_at' || row.duration_ms !== null) &&
              holds(filter, row),
          );
          const column = orderBy === 'duration' ? 'duration_ms' : orderBy;
          const direction = ascending ? 'asc' : 'desc';
          const expected = await ledger.db.query<{ id: string }>(
            `select id from runledger.workflow_executions where id = any ($1::uuid[]) order by ${column} ${direction}, id ${direction}`,
            [meant.map(({ id }) => id)],
          );
          expect(await walk({ ...scoped, filter, orderBy, ascending })).toEqual(expected.map(({ id }) => id));
          if (orderBy !== 'started_at') return;
          const [counted] = await asService((db) =>
            db.query<{ n: object }>('select runledger.count_executions($1, $2, $3::jsonb) as n', [
              scoped.user ?? null,
              scoped.workflow ?? null,
              JSON.stringify(filter),
            ]),
          );
          expect(counted?.n).toMatchObject({ count: meant.length, exactness: 'exact', limit: 1_000 });
        },
      ),
      { numRuns: 150 },
    );
  });

  test('of several statuses, what one has beyond the end of a look at another waits for its place', async () => {
    await ledger.db.query(`insert into runledger.users (id) values ('cara')`);
    // A hundred that failed, all of them after the hundred that were cancelled.
    await ledger.db.query(
      `insert into runledger.workflow_executions (workflow_id, created_by, status, error_message, started_at)
       select $1, 'cara', s.status, 'x', s.day::timestamptz + i * interval '1 minute'
         from (values ('failed', '2026-01-02'), ('cancelled', '2026-01-01')) s (status, day), generate_series(1, 100) i`,
      [ledger.ada.workflowId],
    );
    const filter = { status: ['failed', 'cancelled', 'timed_out'] };
    for (const ascending of [false, true]) {
      const direction = ascending ? 'asc' : 'desc';
      const expected = await ledger.db.query<{ id: string }>(
        `select id from runledger.workflow_executions where created_by = 'cara' order by started_at ${direction}, id ${direction}`,
      );
      for (const limit of [7, 50, 200])
        expect(await walk({ user: 'cara', filter, ascending, limit })).toEqual(expected.map(({ id }) => id));
    }
  });

  test.each([200, 201, 250])('a list of ids, of which one names %i executions, has them all', async (times) => {
    const user = `often ${times}`;
    await ledger.db.query('insert into runledger.users (id) values ($1)', [user]);
    // Every third start is at the same microsecond as the one before.
    await ledger.db.query(
      `insert into runledger.workflow_executions (workflow_id, created_by, temporal_workflow_id, temporal_run_id, started_at)
       select $1, $2, 'nightly ' || $3::int, 'run ' || i, '2026-01-01'::timestamptz + (i - (i % 3 = 0)::int) * interval '1 day'
         from generate_series(1, $3) i`,
      [ledger.ada.workflowId, user, times],
    );
    for (const ascending of [false, true]) {
      const direction = ascending ? 'asc' : 'desc';
      const expected = await ledger.db.query<{ id: string }>(
        `select id from runledger.workflow_executions where created_by = $1 order by started_at ${direction}, id ${direction}`,
        [user],
      );
      const ids = [`nightly ${times}`, expected[3]?.id, 'none', rows[0]?.id];
      expect(await walk({ user, filter: { ids }, ascending, limit: 50 })).toEqual(expected.map(({ id }) => id));
    }
  });

  test.each([
    ['neither a user nor a workflow', {}],
    ['a filter that is none', { user: 'ada', filter: { owner: 'bob' } }],
    ['an order that is none', { user: 'ada', orderBy: 'input' }],
    ['101 ids', { user: 'ada', filter: { ids: Array.from({ length: 101 }, String) } }],
    ['ids by duration', { user: 'ada', filter: { ids: ['x'] }, orderBy: 'duration' }],
    ['an exclusion of what is neither a status nor a tag', { user: 'ada', filter: { not: { verdict: ['x'] } } }],
    ['21 workflows', { user: 'ada', filter: { workflowIds: Array.from({ length: 21 }, String) } }],
  ])('a list of %s is refused', async (_, list) => {
    await expect(asService((db) => search(db, list as ListPage))).rejects.toMatchObject({
      code: 'PT400',
      detail: 'invalid_input',
    });
  });

  test('nothing that a caller writes becomes part of a statement', async () => {
    const all = () => ledger.db.query('select count(*)::int as n from runledger.workflow_executions');
    const before = await all();
    const hostile = [`'; drop table runledger.workflow_executions; --`, `$1`, `%I`, `\\'`, `{"a":1}`, `E'\\\\'`];
    for (const value of hostile) {
      for (const filter of [
        { verdict: value },
        { text: value },
        { tags: [value] },
        { allTags: [value] },
        { ids: [value] },
        { not: { tags: [value], status: [value] } },
        { taskQueue: value },
        { workflowType: value },
        { authority: value },
        { status: [value] },
        { health: [value] },
        { failureGroup: value },
      ])
        expect(
          (await asService((db) => search(db, { user: value, workflow: ledger.ada.workflowId, filter }))).rows,
        ).toEqual([]);
    }
    expect(await all()).toEqual(before);
  });

  test.each(['anon', 'authenticated'] as const)('%s can neither search nor count', async (role) => {
    for (const call of ['search_executions', 'count_executions'])
      await expect(
        ledger.db.as(role, ledger.ada.id, (db) => db.query(`select runledger.${call}($1)`, [ledger.ada.id])),
      ).rejects.toMatchObject({ code: '42501' });
  });

  test('a count stops at a thousand, and says that there may be more', async () => {
    await ledger.db.query(
      `insert into runledger.workflow_executions (workflow_id, created_by, tags) select $1, $2, '{many}' from generate_series(1, 1001)`,
      [ledger.bob.workflowId, ledger.bob.id],
    );
    const count = (filter: object) =>
      asService((db) =>
        db.query<{ n: object }>('select runledger.count_executions($1, null, $2::jsonb) as n', [
          ledger.bob.id,
          JSON.stringify(filter),
        ]),
      );
    expect(await count({ tags: ['many'] })).toMatchObject([{ n: { count: 1_000, exactness: 'capped', limit: 1_000 } }]);
    // Counters say it, whatever the number.
    const [all] = await ledger.db.query<{ n: number }>(
      'select count(*)::int as n from runledger.workflow_executions where created_by = $1',
      [ledger.bob.id],
    );
    expect(await count({})).toMatchObject([{ n: { count: all?.n, exactness: 'exact' } }]);
  });

  test('a count leaves out what was pruned, as the list does', async () => {
    const gone = rows.filter((row) => row.created_by === ledger.ada.id && row.status === 'completed');
    await ledger.db.query('select runledger_private.prune_counted($1::uuid[])', [gone.map(({ id }) => id)]);
    const left = rows.filter((row) => row.created_by === ledger.ada.id).length - gone.length;
    expect(gone.length).toBeGreaterThan(0);
    for (const [filter, count] of [
      [{}, left],
      [{ status: ['completed'] }, 0],
      [{ from: DAYS[0], to: '2026-02-01T00:00:00Z' }, left],
    ] as const) {
      const [answer] = await asService((db) =>
        db.query<{ n: object }>('select runledger.count_executions($1, null, $2::jsonb) as n', [
          ledger.ada.id,
          JSON.stringify(filter),
        ]),
      );
      expect(answer?.n).toMatchObject({ count, exactness: 'exact' });
    }
  });
});
