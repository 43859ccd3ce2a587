import { randomUUID } from 'node:crypto';
import type { SqlSession } from '@runledger/local-stack';
import { databaseKinds } from '@runledger/local-stack';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { LedgerDatabase } from '../ledger-database.ts';
import {
  insertDirect,
  insertExecution,
  openLedger,
  outcome,
  readExecution,
  recordOutcomes,
  report,
} from '../ledger-database.ts';

interface Part {
  before: number;
  due: number;
}

interface PruneAnswer {
  after: string | null;
  done: boolean;
  examined: number;
  unsettled: number;
  payloads: Part;
  timelines: Part;
  rows: Part;
}

const POLICY = { payloads: '30 days', timelines: '90 days', rows: '365 days' };

async function pruneBatch(
  db: SqlSession,
  run: string | null,
  more: { policy?: object; limit?: number; dryRun?: boolean; after?: string | null } = {},
) {
  const { policy = POLICY, limit = 5_000, dryRun = false, after = null } = more;
  const [row] = await db.query<{ answer: PruneAnswer }>(
    'select runledger.prune_executions($1::jsonb, $2, $3, $4, $5) as answer',
    [JSON.stringify(policy), run, limit, dryRun, after],
  );
  return row?.answer as PruneAnswer;
}

async function prune(db: SqlSession, more: { policy?: object; limit?: number } = {}): Promise<PruneAnswer> {
  const run = randomUUID();
  for (;;) {
    const answer = await pruneBatch(db, run, more);
    if (answer.done) return answer;
  }
}

describe.each(databaseKinds)('retention on %s', (kind) => {
  let ledger: LedgerDatabase;
  beforeAll(async () => {
    ledger = await openLedger(kind);
  });
  beforeEach(async () => {
    await ledger.db.exec('delete from runledger.workflow_executions; delete from runledger.execution_prunes');
  });
  afterAll(() => ledger.db.close());

  /** A direct execution of Ada's that ended `days` ago with payloads, unless told otherwise. */
  const ended = (days: number, columns: Record<string, unknown> = {}) =>
    insertDirect(ledger, {
      status: 'completed',
      started_at: new Date(Date.now() - days * 86_400_000 - 60_000).toISOString(),
      completed_at: new Date(Date.now() - days * 86_400_000).toISOString(),
      input: '{"n": 1}',
      output: '{"total": 7}',
      state_snapshot: '[1]',
      ...columns,
    });

  /** One in Temporal, settled by the engine, with a timeline. */
  async function settled(days: number, columns: Record<string, unknown> = {}): Promise<string> {
    const id = await insertExecution(ledger, {
      input: '{"n": 1}',
      started_at: new Date(Date.now() - (days + 1) * 86_400_000).toISOString(),
      ...columns,
    });
    const completedAt = new Date(Date.now() - days * 86_400_000).toISOString();
    await recordOutcomes(ledger.db, [outcome(id, 'completed', { output: { total: 7 }, completedAt })]);
    return id;
  }

  const ids = async () =>
    (await ledger.db.query<{ id: string }>('select id from runledger.workflow_executions order by id')).map(
      ({ id }) => id,
    );
  const timelines = async () =>
    (
      await ledger.db.query<{ id: string }>('select execution_id as id from runledger.execution_timelines order by 1')
    ).map(({ id }) => id);
  const payloadsOf = async (id: string) => {
    const { input, output, state_snapshot, output_note } = await readExecution(ledger.db, id);
    return { input, output, state_snapshot, output_note };
  };

  test('payloads, timelines and rows go when they are old enough, each by its own rule', async () => {
    const [young, month, season, year] = [await settled(29), await settled(31), await settled(91), await settled(366)];
    expect(await prune(ledger.db)).toMatchObject({
      done: true,
      examined: 4,
      unsettled: 0,
      payloads: { before: 4, due: 3 },
      timelines: { before: 4, due: 2 },
      rows: { before: 4, due: 1 },
    });
    expect(await ids()).toEqual([young, month, season].toSorted());
    expect(year).toBeDefined();
    expect(await timelines()).toEqual([young, month].toSorted());
    expect(await payloadsOf(young)).toMatchObject({ input: { n: 1 }, output: { total: 7 }, output_note: null });
    for (const id of [month, season])
      expect(await payloadsOf(id)).toEqual({ input: null, output: null, state_snapshot: null, output_note: 'pruned' });
  });

  test('a dry run says what a real one then does, changes nothing, and a second real one finds nothing', async () => {
    for (const days of [1, 40, 40, 100, 400, 400, 400]) await ended(days);
    await settled(200);
    await ended(50, { input: null, output: null, state_snapshot: null });
    const before = await ledger.db.query('select * from runledger.workflow_executions order by id');
    const sum = { payloads: 0, timelines: 0, rows: 0, examined: 0 };
    let answer = await pruneBatch(ledger.db, null, { dryRun: true, limit: 2 });
    for (;;) {
      sum.examined += answer.examined;
      for (const part of ['payloads', 'timelines', 'rows'] as const) sum[part] += answer[part].due;
      if (answer.done) break;
      answer = await pruneBatch(ledger.db, null, { dryRun: true, limit: 2, after: answer.after });
    }
    expect(await ledger.db.query('select * from runledger.workflow_executions order by id')).toEqual(before);
    expect(await ledger.db.query('select from runledger.execution_prunes')).toEqual([]);
    const real = await prune(ledger.db, { limit: 2 });
    expect({
      payloads: real.payloads.due,
      timelines: real.timelines.due,
      rows: real.rows.due,
      examined: real.examined,
    }).toEqual(sum);
    expect(sum).toEqual({ payloads: 7, timelines: 1, rows: 3, examined: 9 });
    expect(await prune(ledger.db)).toMatchObject({
      payloads: { due: 0 },
      timelines: { due: 0 },
      rows: { due: 0 },
      examined: 6,
    });
  });

  test('what is open, or ended only by a report that nobody has settled, is never touched, however old', async () => {
    const old = { started_at: '2020-01-01T00:00:00Z', input: '{}' };
    const [open, direct, reported] = [
      await insertExecution(ledger, old),
      await insertDirect(ledger, old),
      await insertExecution(ledger, old),
    ];
    await recordOutcomes(ledger.db, [report(reported, 'completed', { completedAt: '2020-01-02T00:00:00Z' })]);
    expect(await prune(ledger.db)).toMatchObject({ examined: 3, unsettled: 1, payloads: { due: 0 }, rows: { due: 0 } });
    expect(await ids()).toEqual([open, direct, reported].toSorted());
    await recordOutcomes(ledger.db, [outcome(reported, 'completed', { completedAt: '2020-01-02T00:00:00Z' })]);
    expect(await prune(ledger.db)).toMatchObject({ unsettled: 0, rows: { due: 1 } });
  });

  test('dropping payloads is no change of the execution: no transition, no revision, nobody is told, the engine’s word stands', async () => {
    const failed = await insertExecution(ledger, { input: '{"n": 1}', started_at: '2024-01-01T00:00:00Z' });
    const failure = { type: 'CardError', message: 'declined', stack: 'at …' };
    await recordOutcomes(ledger.db, [
      outcome(failed, 'failed', { completedAt: '2024-01-02T00:00:00Z', failure, errorMessage: 'declined' }),
    ]);
    const before = await readExecution(ledger.db, failed);
    await ledger.db.exec('delete from runledger.execution_changes');
    const [{ n } = { n: 0 }] = await ledger.db.query<{ n: number }>(
      'select count(*)::int as n from runledger.execution_transitions',
    );
    await prune(ledger.db, { policy: { payloads: '1 day' } });
    expect(await readExecution(ledger.db, failed)).toEqual({ ...before, input: null, output_note: 'pruned' });
    expect(await ledger.db.query('select from runledger.execution_changes')).toEqual([]);
    expect(await ledger.db.query('select from runledger.execution_checks')).toEqual([]);
    expect(await ledger.db.query('select count(*)::int as n from runledger.execution_transitions')).toEqual([{ n }]);
  });

  test('nothing else passes as pruning', async () => {
    const [done, open] = [await ended(1), await insertDirect(ledger, { input: '{}' })];
    for (const [id, set] of [
      [done, `verdict = 'x', input = null, output = null, state_snapshot = null`],
      [done, 'input = null'],
      [open, 'input = null, output = null, state_snapshot = null'],
    ])
      await expect(
        ledger.db.query(`update runledger.workflow_executions set ${set}, output_note = 'pruned' where id = $1`, [id]),
      ).rejects.toMatchObject({ code: 'PT400' });
  });

  test('statistics and counts say the same before and after, folded or not', async () => {
    // A user and a workflow of their own: counters keep what other tests pruned.
    const user = randomUUID();
    await ledger.db.query('insert into runledger.users (id) values ($1)', [user]);
    const [workflow] = await ledger.db.query<{ id: string }>(
      `insert into runledger.workflows (user_id, name, workflow_type, task_queue) values ($1, 'Own', 'own', 'demo') returning id`,
      [user],
    );
    const own = (days: number, columns: object = {}) =>
      ended(days, { created_by: user, workflow_id: workflow?.id, ...columns });
    for (const days of [40, 100, 400, 500]) await own(days);
    await own(400, { status: 'failed', error_message: 'boom', verdict: 'late' });
    await ledger.db.query('select runledger.fold_execution_stats()');
    for (const days of [401, 20]) await own(days, { status: 'cancelled', error_message: 'no' });
    const said = async () => {
      const [stats] = await ledger.db.query<{ as_of?: unknown }>(
        'select * from runledger.get_execution_stats(null, $1)',
        [user],
      );
      const counts = await ledger.db.query('select runledger.get_user_workflow_run_count($1) as n', [user]);
      const { as_of: _, ...rest } = stats ?? {};
      return { ...rest, counts };
    };
    const before = await said();
    expect(before).toMatchObject({ total: 7, counts: [{ n: 5 }] });
    expect(await prune(ledger.db, { limit: 2 })).toMatchObject({ rows: { due: 4 } });
    expect(await said()).toEqual(before);
    await ledger.db.query('select runledger.fold_execution_stats()');
    expect(await said()).toEqual(before);
    expect(await ledger.db.query('select * from runledger.verify_execution_stats($1)', [user])).toEqual([]);
    expect(await ids()).toHaveLength(3);
  });

  test('an interrupted run goes on where it stopped, with the times of its beginning', async () => {
    for (let n = 0; n < 5; n++) await ended(400);
    const run = randomUUID();
    expect(await pruneBatch(ledger.db, run, { limit: 2 })).toMatchObject({
      done: false,
      examined: 2,
      rows: { due: 2 },
    });
    const stopped = ledger.db.transaction(async (db) => {
      await pruneBatch(db, run, { limit: 2 });
      throw new Error('killed');
    });
    await expect(stopped).rejects.toThrow('killed');
    expect(await ids()).toHaveLength(3);
    await pruneBatch(ledger.db, run, { limit: 2 });
    expect(await pruneBatch(ledger.db, run, { limit: 2 })).toMatchObject({
      done: true,
      examined: 5,
      rows: { before: 5, due: 5 },
    });
    expect(await pruneBatch(ledger.db, run, { limit: 2 })).toMatchObject({ done: true, examined: 5 });
  });

  test('one runs at a time: a second one is told so, until the first has ended or is not heard of any more', async () => {
    for (let n = 0; n < 3; n++) await ended(400);
    const [first, second] = [randomUUID(), randomUUID()];
    await pruneBatch(ledger.db, first, { limit: 1 });
    await expect(pruneBatch(ledger.db, second)).rejects.toMatchObject({
      code: 'PT409',
      detail: 'conflict',
      message: expect.stringMatching(/^Another prune is under way, since .* UTC\.$/),
    });
    await ledger.db.exec(`update runledger.execution_prunes set beat_at = beat_at - interval '2 minutes'`);
    expect(await pruneBatch(ledger.db, second, { limit: 1 })).toMatchObject({ rows: { due: 1 } });
    await expect(pruneBatch(ledger.db, first, { limit: 1 })).rejects.toMatchObject({ code: 'PT409' });
    while (!(await pruneBatch(ledger.db, second, { limit: 1 })).done);
    expect(await pruneBatch(ledger.db, first)).toMatchObject({ done: true });
    expect(await ids()).toEqual([]);
  });

  test('imported rows with ids of any kind and nobody to settle them are pruned like others', async () => {
    const id = '00000000-0000-4000-8000-000000000001';
    await insertExecution(ledger, {
      id,
      status: 'completed',
      outcome_authority: 'reported',
      started_at: '2020-01-01T00:00:00Z',
      completed_at: '2020-01-02T00:00:00Z',
    });
    await ledger.db.exec('delete from runledger.execution_checks');
    expect(await prune(ledger.db)).toMatchObject({ rows: { due: 1 } });
  });

  test('a policy that cannot be is refused', async () => {
    for (const policy of [
      {},
      null,
      [],
      'x',
      { rows: null },
      { rows: '0 days' },
      { rows: '-5 days' },
      { rows: 'soon' },
      { everything: '5 days' },
    ])
      await expect(pruneBatch(ledger.db, randomUUID(), { policy: policy as object })).rejects.toMatchObject({
        code: expect.stringMatching(/^(PT400|22)/),
      });
    await expect(pruneBatch(ledger.db, null)).rejects.toMatchObject({ code: '23502' });
  });
});
