import type { SqlSession } from '@runledger/local-stack';
import { testedKinds } from '@runledger/local-stack';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EVERYBODYS } from './everybody-gates.ts';
import type { ListData } from './list-data.ts';
import { KIND_OF_FAILURE, openListData } from './list-data.ts';
import type { ListPage } from './page-cost.ts';
import { countCost, search, searchCost, tableCost } from './page-cost.ts';

/** A list, its role, what a page of it may read, and the index without which it reads more. */
interface Gate {
  list: (data: ListData) => ListPage;
  /** Who reads: a user under row-level security, or the service role. Default: the user. */
  as?: 'authenticated' | 'service_role';
  atMost: number;
  index?: string;
}

const WINDOW = { from: '2026-01-05T00:00:00Z', to: '2026-01-09T00:00:00Z' };
const BY_END = { orderBy: 'completed_at' as const };
const DEEP = { value: '2026-01-02T00:00:00+00:00', id: '00000000-0000-0000-0000-000000000000' };

/** Of the table endpoint: the database's own plan, under row-level security. */
const plain: Record<string, Gate> = {
  'a user’s': { list: ({ ada }) => ({ user: ada.id }), atMost: 100, index: 'created_by' },
  'a user’s, of a workflow': {
    list: ({ ada, workflowIds }) => ({ user: ada.id, workflow: workflowIds[7] as string }),
    atMost: 100,
    index: 'workflow',
  },
  'a user’s, of a window': { list: ({ ada }) => ({ user: ada.id, filter: WINDOW }), atMost: 100, index: 'created_by' },
  'a user’s, of one status': {
    list: ({ ada }) => ({ user: ada.id, filter: { status: ['cancelled'] } }),
    atMost: 100,
    index: 'user_status',
  },
  'a user’s, of a status that none has': {
    list: ({ ada }) => ({ user: ada.id, filter: { status: ['terminated'] } }),
    atMost: 100,
  },
  'a user’s, of one verdict': {
    list: ({ ada }) => ({ user: ada.id, filter: { verdict: 'rejected' } }),
    atMost: 100,
    index: 'user_verdict',
  },
  'an owner’s': {
    list: ({ workflowIds }) => ({ workflow: workflowIds[0] as string }),
    as: 'service_role',
    atMost: 100,
    index: 'workflow_started',
  },
  'an owner’s, of one user': {
    list: ({ workflowIds }) => ({ workflow: workflowIds[0] as string, user: 'user 5' }),
    as: 'service_role',
    atMost: 100,
    index: 'workflow',
  },
  'a user’s, by end': { list: ({ ada }) => ({ user: ada.id, ...BY_END }), atMost: 100, index: 'user_completed' },
  'a user’s, of a workflow, by end': {
    list: ({ ada, workflowIds }) => ({ user: ada.id, workflow: workflowIds[7] as string, ...BY_END }),
    atMost: 100,
    index: 'workflow_user_completed',
  },
  'a user’s, of one status, by end': {
    list: ({ ada }) => ({ user: ada.id, filter: { status: ['cancelled'] }, ...BY_END }),
    atMost: 100,
    index: 'user_status_completed',
  },
  'an owner’s, by end': {
    list: ({ workflowIds }) => ({ workflow: workflowIds[0] as string, ...BY_END }),
    as: 'service_role',
    atMost: 100,
    index: 'workflow_completed',
  },
};

const statuses = (...status: string[]) => ({ status });

/** Of the search, which stops by itself. */
const searched: Record<string, Gate> = {
  ...EVERYBODYS,
  'completed ones': { list: ({ ada }) => ({ user: ada.id, filter: statuses('completed') }), atMost: 100 },
  'completed ones of who has hardly any': {
    list: () => ({ user: 'unlucky', filter: statuses('completed') }),
    atMost: 2_000,
  },
  'ten ids': {
    list: ({ ada }) => ({ user: ada.id, filter: { ids: Array.from({ length: 10 }, (_, i) => `run-${1000 + 2 * i}`) } }),
    atMost: 100,
  },
  'a hundred ids': {
    list: ({ ada }) => ({ user: ada.id, filter: { ids: Array.from({ length: 100 }, (_, i) => `run-${2 + 2 * i}`) } }),
    atMost: 2_000,
  },
  'several statuses': {
    list: ({ ada }) => ({ user: ada.id, filter: statuses('failed', 'cancelled', 'timed_out') }),
    atMost: 2_000,
    index: 'user_status',
  },
  'open ones': { list: ({ ada }) => ({ user: ada.id, filter: statuses('pending', 'running') }), atMost: 2_000 },
  'several statuses, by end': {
    list: ({ ada }) => ({ user: ada.id, filter: statuses('cancelled', 'terminated'), ...BY_END }),
    atMost: 2_000,
    index: 'user_status_completed',
  },
  'a status in the busiest workflow': {
    list: ({ ada, workflowIds }) => ({
      user: ada.id,
      workflow: workflowIds[0] as string,
      filter: statuses('timed_out'),
    }),
    atMost: 2_000,
  },
  'a status in a quiet workflow': {
    list: ({ ada, workflowIds }) => ({ user: ada.id, workflow: workflowIds[7] as string, filter: statuses('failed') }),
    atMost: 2_000,
  },
  'a status that none in the workflow has, of who has it everywhere else': {
    list: ({ workflowIds }) => ({ user: 'unlucky', workflow: workflowIds[0] as string, filter: statuses('failed') }),
    atMost: 2_000,
  },
  'what failed, for the owner': {
    list: ({ workflowIds }) => ({ workflow: workflowIds[7] as string, filter: statuses('failed') }),
    atMost: 500,
    index: 'workflow_error',
  },
  'what runs, for the owner': {
    list: ({ workflowIds }) => ({ workflow: workflowIds[0] as string, filter: statuses('running') }),
    atMost: 2_000,
    index: 'workflow_unsettled',
  },
  'what did not complete': {
    list: ({ ada }) => ({ user: ada.id, filter: { not: { status: ['completed'] } } }),
    atMost: 2_000,
  },
  'neither a status nor a tag that all have': {
    list: ({ ada }) => ({ user: ada.id, filter: { not: { status: ['failed'], tags: ['shop-3'] } } }),
    atMost: 5_000,
  },
  'two quiet workflows': {
    list: ({ ada, workflowIds }) => ({ user: ada.id, filter: { workflowIds: workflowIds.slice(6, 8) } }),
    atMost: 2_000,
  },
  'a task queue that no workflow has': {
    list: ({ ada }) => ({ user: ada.id, filter: { taskQueue: 'none' } }),
    atMost: 5_000,
  },
  'a workflow type that none has, by end': {
    list: ({ ada }) => ({ user: ada.id, filter: { workflowType: 'none' }, ...BY_END }),
    atMost: 5_000,
  },
  'a window of ends': {
    list: ({ ada }) => ({
      user: ada.id,
      filter: { endedFrom: '2026-01-03T00:00:00Z', endedTo: '2026-01-03T01:00:00Z' },
      ...BY_END,
    }),
    atMost: 500,
  },
  'ends that were only reported, of many runs: none': {
    list: ({ ada }) => ({ user: ada.id, filter: { authority: 'reported', minRuns: 7 } }),
    atMost: 5_000,
  },
  'any of some tags': { list: ({ ada }) => ({ user: ada.id, filter: { tags: ['shop-3', 'shop-4'] } }), atMost: 5_000 },
  'all of some tags': {
    list: ({ ada }) => ({ user: ada.id, filter: { allTags: ['shop-3', 'day-9'] } }),
    atMost: 5_000,
  },
  'a tag that only the oldest has': {
    list: ({ ada }) => ({ user: ada.id, filter: { tags: ['first'] } }),
    atMost: 5_000,
  },
  'a tag that none has': {
    list: ({ ada }) => ({ user: ada.id, filter: { tags: ['none'] }, ...BY_END }),
    atMost: 5_000,
  },
  'a tag among many long ones': { list: () => ({ user: 'wordy', filter: { tags: ['none'] } }), atMost: 5_000 },
  'a text in every message': { list: ({ ada }) => ({ user: ada.id, filter: { text: 'DECLINED' } }), atMost: 5_000 },
  'a text in no message': {
    list: ({ ada }) => ({ user: ada.id, filter: { text: 'zebra stripes' } }),
    atMost: 1_000,
    index: 'error_text',
  },
  'a text of words that every message has, in another order': {
    list: ({ ada }) => ({ user: ada.id, filter: { text: 'bank by the declined' } }),
    atMost: 5_000,
  },
  'the same of who has few': {
    list: () => ({ user: 'user 5', filter: { text: 'bank by the declined' } }),
    atMost: 100,
    index: 'user_error',
  },
  'a text without a letter': { list: ({ ada }) => ({ user: ada.id, filter: { text: '...' } }), atMost: 5_000 },
  'a text in long messages': { list: () => ({ user: 'wordy', filter: { text: 'ab cd ef' } }), atMost: 5_000 },
  'a text, for the owner': {
    list: ({ workflowIds }) => ({ workflow: workflowIds[0] as string, filter: { text: 'the bank by' } }),
    atMost: 5_000,
  },
  'unusually slow ones': {
    list: ({ ada }) => ({ user: ada.id, filter: { minDurationMs: 595_000 } }),
    atMost: 5_000,
  },
  'neither slow nor quick, with a tag that none has': {
    list: ({ ada }) => ({ user: ada.id, filter: { minDurationMs: 300_000, tags: ['none'] } }),
    atMost: 5_000,
  },
  'by duration': {
    list: ({ ada }) => ({ user: ada.id, orderBy: 'duration' }),
    atMost: 200,
    index: 'user_duration',
  },
  'by duration, for the owner': {
    list: ({ workflowIds }) => ({ workflow: workflowIds[0] as string, orderBy: 'duration' }),
    atMost: 200,
    index: 'workflow_duration',
  },
  'by duration, of a user’s workflow': {
    list: ({ workflowIds }) => ({ user: 'user 5', workflow: workflowIds[0] as string, orderBy: 'duration' }),
    atMost: 5_000,
  },
  'those that are late': { list: ({ ada }) => ({ user: ada.id, filter: { health: ['late'] } }), atMost: 5_000 },
  'those that are lost: none': {
    list: ({ ada }) => ({ user: ada.id, filter: { health: ['lost'] } }),
    atMost: 5_000,
    index: 'user_reported',
  },
  'those that are lost, for the owner': {
    list: ({ workflowIds }) => ({ workflow: workflowIds[0] as string, filter: { health: ['lost'] } }),
    atMost: 5_000,
    index: 'workflow_unsettled',
  },
  'a kind of failure': {
    list: ({ ada }) => ({ user: ada.id, filter: { failureGroup: KIND_OF_FAILURE } }),
    atMost: 5_000,
    index: 'user_failure',
  },
  'a kind of failure, for the owner': {
    list: ({ workflowIds }) => ({ workflow: workflowIds[0] as string, filter: { failureGroup: KIND_OF_FAILURE } }),
    atMost: 5_000,
    index: 'workflow_failure',
  },
  'a text, a tag and a kind of failure that all have': {
    list: () => ({ user: 'unlucky', filter: { text: 'bank', failureGroup: KIND_OF_FAILURE, allTags: ['none'] } }),
    atMost: 5_000,
  },
};

describe.each(testedKinds('postgres-15', 'postgres-17'))('on %s', (kind) => {
  let data: ListData;
  beforeAll(async () => {
    data = await openListData(kind);
  });
  afterAll(() => data?.db.close());

  const asUser = <R>(page: ListPage, gate: Gate, work: (db: SqlSession) => Promise<R>) =>
    data.db.as(gate.as ?? 'authenticated', gate.as ? null : (page.user ?? null), work);
  const asService = <R>(work: (db: SqlSession) => Promise<R>) => data.db.as('service_role', null, work);

  test.each(Object.entries(plain))('a page of executions %s, reads little at any depth', async (_, gate) => {
    const page = gate.list(data);
    for (const depth of [{}, { after: DEEP }, { ascending: true }])
      expect(await asUser(page, gate, (db) => tableCost(db, { ...page, ...depth }))).toBeLessThanOrEqual(gate.atMost);
  });

  test.each(Object.entries(searched))('a page of %s reads its share and no more', async (_, gate) => {
    const page = gate.list(data);
    const after = page.orderBy === 'duration' ? { value: '30000', id: DEEP.id } : DEEP;
    for (const depth of [{}, { after }, { ascending: true }])
      expect(await asService((db) => searchCost(db, { ...page, ...depth }))).toBeLessThanOrEqual(gate.atMost);
  });

  test.each(Object.entries(searched))('counting %s reads no more than a page may', async (_, gate) => {
    expect(await asService((db) => countCost(db, gate.list(data)))).toBeLessThanOrEqual(5_000);
  });

  test('every index for lists is one without which some page reads too much', async () => {
    const gates = { ...plain, ...searched };
    const indexes = await data.db.query<{ name: string }>(
      `select replace(c.relname, 'idx_workflow_executions_', '') as name from pg_index i join pg_class c on c.oid = i.indexrelid
        where i.indrelid = 'runledger.workflow_executions'::regclass and c.relname like 'idx_%'
          and c.relname not like '%temporal_workflow_id' and c.relname not like '%waiting'`,
    );
    const named = new Set(Object.values(gates).flatMap(({ index }) => index ?? []));
    expect(indexes.map(({ name }) => name).sort()).toEqual([...named].sort());

    const missed: string[] = [];
    for (const [name, gate] of Object.entries(gates)) {
      if (!gate.index) continue;
      const page = gate.list(data);
      const undo = new Error('undo');
      const cost = name in plain ? tableCost : searchCost;
      await data.db
        .transaction(async (db) => {
          await db.query(`drop index runledger.idx_workflow_executions_${gate.index}`);
          const role = name in plain ? (gate.as ?? 'authenticated') : 'service_role';
          await db.query(`select set_config('request.jwt.claim.sub', $1, true), set_config('role', $2, true)`, [
            page.user ?? '',
            role,
          ]);
          const costs = [
            await cost(db, page),
            await cost(db, { ...page, after: page.orderBy === 'duration' ? { value: '30000', id: DEEP.id } : DEEP }),
          ];
          if (Math.max(...costs) <= gate.atMost) missed.push(`${name}: ${costs.join(', ')} without ${gate.index}`);
          throw undo;
        })
        .catch((error: unknown) => {
          if (error !== undo) throw error;
        });
    }
    expect(missed).toEqual([]);
  });

  test('a page that stops early says how far it came, and the next goes on to what is left', async () => {
    const list = { user: data.ada.id, filter: { tags: ['first'] } };
    const reached: string[] = [];
    let page = await asService((db) => search(db, list));
    while (page.next && page.rows.length === 0) {
      expect(page.searchedUntil).toBe(page.next.value);
      reached.push(page.searchedUntil as string);
      const { next } = page;
      page = await asService((db) => search(db, { ...list, after: next }));
    }
    expect(page.rows).toHaveLength(1);
    expect([page.next, page.searchedUntil]).toEqual([null, null]);
    expect(reached.length).toBeGreaterThan(3);
    expect(reached).toEqual(reached.toSorted().reverse());
  });
});
