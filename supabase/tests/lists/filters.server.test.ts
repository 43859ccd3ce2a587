import { databaseKinds } from '@runledger/local-stack';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LedgerDatabase } from '../ledger-database.ts';
import type { FilterWorld, Found } from './filter-world.ts';
import { DAYS, holds, openFilterWorld, someFilter } from './filter-world.ts';
import type { ListPage, SearchPage } from './page-cost.ts';
import { search } from './page-cost.ts';

describe.each(databaseKinds)('on %s', (kind) => {
  let ledger: LedgerDatabase;
  let rows: Found[];

  let world: FilterWorld;
  beforeAll(async () => {
    world = await openFilterWorld(kind);
    ({ ledger, rows } = world);
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

  test('every filter, in every scope and order, finds what it means, all of it, once and in order', async () => {
    await fc.assert(
      fc.asyncProperty(
        someFilter(world),
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
