import { randomUUID } from 'node:crypto';
import type { ExecutionPage, ListExecutionsOptions } from '@runledger/contracts';
import { testedKinds } from '@runledger/local-stack';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createExecutionService } from './execution-service.ts';
import type { LedgerApi } from './fixtures/open-ledger-api.ts';
import { openLedgerApi } from './fixtures/open-ledger-api.ts';

/** So few values that most executions share theirs with others; microseconds, which a Date would lose. */
const STARTS = ['00.000001', '00.000002', '00.000002', '01'].map((seconds) => `2026-01-01T00:00:${seconds}Z`);
const ENDS = ['10.000001', '10.000002', '10'].map((seconds) => `2026-01-01T00:00:${seconds}Z`);

/** Lists by each way of reading and each order, all of which hold every ended execution. */
const lists: [string, ListExecutionsOptions][] = [
  ['of the table by start', {}],
  ['of the table by end', { orderBy: 'completed_at' }],
  ['searched by start', { tags: ['a', 'b'] }],
  ['searched by several statuses', { status: ['failed', 'cancelled', 'completed', 'timed_out'] }],
  ['searched by end', { tags: ['a', 'b'], orderBy: 'completed_at' }],
  ['searched by duration', { orderBy: 'duration' }],
];

const drafts = fc.array(
  fc.record({
    started_at: fc.constantFrom(...STARTS),
    completed_at: fc.constantFrom(...ENDS),
    duration_ms: fc.constantFrom(0, 5, 5, 10_000),
    status: fc.constantFrom('completed', 'failed', 'cancelled', 'timed_out'),
    tags: fc.constantFrom(['a'], ['a', 'b'], ['b']),
  }),
  { minLength: 1, maxLength: 12 },
);

describe.each(testedKinds('pglite', 'postgres-17'))('on %s', (kind) => {
  let api: LedgerApi;
  beforeAll(async () => {
    api = await openLedgerApi(kind);
  });
  afterAll(() => api.close());

  async function insert(workflowId: string, rows: object[]): Promise<string[]> {
    const inserted = await api.supabase.database.query<{ id: string }>(
      `insert into runledger.workflow_executions (workflow_id, created_by, status, started_at, completed_at, duration_ms, tags)
       select $1, $2, status, started_at, completed_at, duration_ms, tags
         from jsonb_to_recordset($3::jsonb) as r (status text, started_at timestamptz, completed_at timestamptz,
                                                  duration_ms bigint, tags text[]) returning id`,
      [workflowId, api.ada.id, JSON.stringify(rows)],
    );
    return inserted.map(({ id }) => id);
  }

  test.each(lists)('a list %s shows everything once, whatever is inserted between its pages', async (_, list) => {
    await fc.assert(
      fc.asyncProperty(
        drafts,
        drafts,
        fc.integer({ min: 1, max: 5 }),
        fc.constantFrom('asc' as const, 'desc' as const),
        async (before, between, limit, orderDirection) => {
          const { id: workflowId } = await api.workflows.createWorkflow(api.ada.id, {
            name: randomUUID(),
            workflowType: 't',
            taskQueue: 'q',
          });
          const there = await insert(workflowId, before);
          const late = [...between];
          const seen: string[] = [];
          let cursor: string | null = null;
          do {
            const page: ExecutionPage = await api.service.listExecutionsByUser(api.ada.id, {
              ...list,
              workflowId,
              limit,
              orderDirection,
              cursor,
            });
            seen.push(...page.map(({ id }) => id));
            cursor = page.nextCursor;
            const next = late.pop();
            if (next) await insert(workflowId, [next]);
          } while (cursor);
          expect(new Set(seen).size).toBe(seen.length);
          expect(there.filter((id) => !seen.includes(id))).toEqual([]);
          const column = list.orderBy === 'duration' ? 'duration_ms' : (list.orderBy ?? 'started_at');
          const ordered = await api.supabase.database.query<{ id: string }>(
            `select id from runledger.workflow_executions where id = any ($1::uuid[])
              order by ${column} ${orderDirection}, id ${orderDirection}`,
            [seen],
          );
          expect(seen).toEqual(ordered.map(({ id }) => id));
        },
      ),
      { numRuns: 12 },
    );
  });

  test('both ways of reading show an execution alike', async () => {
    const workflow = await api.workflows.createWorkflow(api.ada.id, {
      name: 'Alike',
      workflowType: 't',
      taskQueue: 'q',
    });
    await insert(workflow.id, [
      { started_at: STARTS[0], completed_at: ENDS[0], duration_ms: 5, status: 'failed', tags: ['a'] },
    ]);
    await api.service.createExecution({
      workflowId: workflow.id,
      userId: api.ada.id,
      temporalWorkflowId: randomUUID(),
      temporalRunId: 'first',
      metadata: { shop: 'berlin' },
    });
    const byTable = await api.service.listExecutions(workflow.id);
    const bySearch = await api.service.listExecutions(workflow.id, { status: ['failed', 'running'] });
    expect([...bySearch]).toEqual([...byTable]);
    expect(bySearch).toHaveLength(2);
  });

  test.each([
    ['a text', { text: 'no reason was given' }, 2],
    ['a text that only some have', { text: 'as failed' }, 1],
    ['a run time', { minDurationMs: 5, maxDurationMs: 5 }, 2],
    ['all tags', { allTags: ['a', 'b'] }, 1],
    ['a user', { userId: 'nobody' }, 0],
    ['ids', { ids: ['no such id'] }, 0],
  ])('the owner’s reader finds, and counts, by %s', async (_, filter, count) => {
    const workflow = await api.workflows.createWorkflow(api.ada.id, {
      name: 'Found',
      workflowType: 't',
      taskQueue: 'q',
    });
    await insert(workflow.id, [
      { started_at: STARTS[0], completed_at: ENDS[0], duration_ms: 5, status: 'failed', tags: ['a'] },
      { started_at: STARTS[1], completed_at: ENDS[0], duration_ms: 5, status: 'cancelled', tags: ['a', 'b'] },
      { started_at: STARTS[2], completed_at: ENDS[0], duration_ms: 6, status: 'completed', tags: [] },
    ]);
    const scope = { userId: api.ada.id, ownedWorkflowId: workflow.id };
    const reader = api.readerOf(api.ada);
    const page = await reader.list(scope, filter, { limit: 10, cursor: null });
    expect([page.length, page.nextCursor, page.searchedUntil]).toEqual([count, null, null]);
    expect(await reader.count(scope, filter)).toMatchObject({ count, exactness: 'exact', limit: 1_000 });
  });

  test('a reader’s scope is in every search: nobody finds another’s', async () => {
    const page = { limit: 10, cursor: null };
    const [execution] = await api.service.listExecutionsByUser(api.ada.id, { limit: 1 });
    const id = execution?.id as string;
    const [of, bob] = [{ userId: api.bob.id }, api.readerOf(api.bob)];
    expect(await bob.list(of, { ids: [id] }, page)).toHaveLength(0);
    expect(await bob.count(of, { ids: [id] })).toMatchObject({ count: 0 });
    const own = await api.readerOf(api.ada).list({ userId: api.ada.id }, { ids: [id] }, page);
    expect(own.map((found) => found.id)).toEqual([id]);
    for (const call of [() => bob.list(of, { userId: api.ada.id }, page), () => bob.count(of, { userId: api.ada.id })])
      await expect(call()).rejects.toMatchObject({ code: 'invalid_input', fields: { userId: expect.anything() } });
  });

  test('a user’s own client lists what the table can say, and is told of the rest', async () => {
    const mine = createExecutionService(api.ada.supabase);
    const several = await mine.listExecutionsByUser(api.ada.id, { status: ['failed', 'cancelled'], limit: 5 });
    const searched = await api.service.listExecutionsByUser(api.ada.id, { status: ['failed', 'cancelled'], limit: 5 });
    expect(several).toEqual(Object.assign(searched, { asOf: several.asOf }));
    for (const call of [
      () => mine.listExecutionsByUser(api.ada.id, { tags: ['a'] }),
      () => mine.countExecutions({ userId: api.ada.id }),
    ])
      await expect(call()).rejects.toMatchObject({ code: 'permission_denied' });
  });

  test.each([
    ['an offset into what is searched', { tags: ['a'], offset: 5 }],
    ['ids by duration', { ids: ['x'], orderBy: 'duration' }],
    ['a text too short for an index', { text: 'no' }],
    ['an order by a payload', { orderBy: 'input' }],
  ])('%s is refused', async (_, options) => {
    await expect(api.service.listExecutionsByUser(api.ada.id, options as object)).rejects.toMatchObject({
      code: 'invalid_input',
    });
  });

  test('a count is of a user or of a workflow, never of everybody', async () => {
    await expect(api.service.countExecutions({ text: 'declined' })).rejects.toMatchObject({ code: 'invalid_input' });
  });
});
