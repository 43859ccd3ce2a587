import { databaseKinds } from '@runledger/local-stack';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LedgerDatabase } from '../ledger-database.ts';
import { insertExecution, openLedger, outcome, recordOutcomes } from '../ledger-database.ts';

interface Cause {
  type: string | null;
  message: string;
  cause?: Cause;
  [more: string]: unknown;
}

const throughActivity = (activityType: string, cause: Cause): Cause => ({
  type: 'ActivityFailure',
  message: 'Activity task failed',
  activityType,
  cause,
});
const throughChild = (childWorkflowType: string, cause: Cause): Cause => ({
  type: 'ChildWorkflowFailure',
  message: 'Child Workflow execution failed',
  childWorkflowType,
  cause,
});
const declined = { type: 'CardError', message: 'card 4711 declined' };

describe.each(databaseKinds)('kinds of failures, on %s', (kind) => {
  let ledger: LedgerDatabase;
  beforeAll(async () => {
    ledger = await openLedger(kind);
  });
  afterAll(() => ledger.db.close());

  async function groupOf(failure: Cause | null, message = 'a sentence'): Promise<string[]> {
    const [row] = await ledger.db.query<{ g: string; s: string }>(
      `select runledger_private.failure_group('failed', $1::jsonb, $2) as g, runledger_private.failure_shape($1::jsonb, $2) as s`,
      [failure && JSON.stringify(failure), message],
    );
    return [row?.g ?? '', ...(row?.s.split('\n') ?? [])];
  }

  test('the innermost cause names the kind, with the activity it came through', async () => {
    const [group, ...shape] = await groupOf(throughActivity('chargeCard', declined));
    expect(shape).toEqual(['CardError', 'chargeCard', 'card # declined']);
    const other = { type: 'CardError', message: 'card 99 declined' };
    expect((await groupOf(throughActivity('chargeCard', other)))[0]).toBe(group);
  });

  test('two causes of one activity, one cause of two activities, and one of two children are different kinds', async () => {
    const groups = await Promise.all([
      groupOf(throughActivity('chargeCard', declined)),
      groupOf(throughActivity('chargeCard', { type: 'HttpError', message: '503' })),
      groupOf(throughActivity('chargeCard', { type: 'TimeoutFailure', message: 'heartbeat timeout' })),
      groupOf(throughActivity('refund', declined)),
      groupOf(throughChild('order', declined)),
      groupOf(throughChild('notify', declined)),
      groupOf(throughChild('order', throughActivity('chargeCard', declined))),
      groupOf(declined),
    ]);
    expect(new Set(groups.map(([group]) => group)).size).toBe(groups.length);
    expect(groups.at(-2)?.[2]).toBe('order > chargeCard');
  });

  test('a failure without a cause, and one that is no object, are described by their own words', async () => {
    expect((await groupOf(declined)).slice(1)).toEqual(['CardError', '-', 'card # declined']);
    expect((await groupOf(null, 'out of "paper"')).slice(1)).toEqual(['-', '-', 'out of …']);
  });

  test('groups of an older rule are made anew, a part at a time, and every counter follows', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 5; n += 1) {
      const id = await insertExecution(ledger);
      await recordOutcomes(ledger.db, [
        outcome(id, 'failed', { failure: throughActivity('chargeCard', declined), errorMessage: 'declined' }),
      ]);
      ids.push(id);
    }
    // As they stand in a ledger that was filled under another rule: written past the guard.
    await ledger.db.query(`alter table runledger.workflow_executions disable trigger user`);
    await ledger.db.query(`update runledger.workflow_executions set failure_group = 'of before' where id = any ($1)`, [
      ids,
    ]);
    await ledger.db.query(`alter table runledger.workflow_executions enable trigger user`);
    await ledger.db.query('select runledger.rebuild_execution_stats()');

    let after: string | null = null;
    let changed = 0;
    for (let done = false; !done; ) {
      const rows: { r: { after: string; done: boolean; changed: number } }[] = await ledger.db.query(
        'select runledger.regroup_failures($1, 2) as r',
        [after],
      );
      const [{ r }] = rows as [(typeof rows)[number]];
      ({ after, done } = r);
      changed += r.changed;
    }
    expect(changed).toBe(5);
    const [wanted] = await groupOf(throughActivity('chargeCard', declined));
    const top = () =>
      ledger.db.query<{ failure_group: string; executions: string; message: string }>(
        `select failure_group, executions, message from runledger.get_top_failures(null, $1, '2000-01-01', now() + interval '1 hour')`,
        [ledger.ada.id],
      );
    for (const fold of [false, true]) {
      if (fold) await ledger.db.query('select runledger.fold_execution_stats()');
      expect((await top()).map((row) => ({ ...row, executions: Number(row.executions) }))).toEqual([
        { failure_group: wanted, executions: 5, message: 'card # declined' },
      ]);
    }
    expect(await ledger.db.query('select * from runledger.verify_execution_stats()')).toEqual([]);
  });

  test('a group that somebody writes by hand does not stay', async () => {
    const id = await insertExecution(ledger);
    await recordOutcomes(ledger.db, [outcome(id, 'failed', { failure: declined, errorMessage: 'declined' })]);
    await ledger.db.query(`update runledger.workflow_executions set failure_group = 'mine' where id = $1`, [id]);
    const [row] = await ledger.db.query('select failure_group from runledger.workflow_executions where id = $1', [id]);
    expect(row).toEqual({ failure_group: (await groupOf(declined))[0] });
  });
});
