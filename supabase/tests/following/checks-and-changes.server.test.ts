import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { databaseKinds } from '@runledger/local-stack';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LedgerDatabase } from '../ledger-database.ts';
import {
  insertDirect,
  insertExecution,
  open,
  openLedger,
  outcome,
  readExecution,
  recordOpen,
  recordOutcomes,
} from '../ledger-database.ts';

interface Changes {
  cursor: string;
  changes: { executionId: string; revision: number; deleted: boolean; deletedBy?: string }[];
}

describe.each(databaseKinds)('on %s', (kind) => {
  let ledger: LedgerDatabase;
  beforeAll(async () => {
    ledger = await openLedger(kind);
  });
  afterAll(() => ledger.db.close());

  const unsettled = (namespace: string, due = false) =>
    ledger.db.query<{ execution_id: string }>(
      `select f.value ->> 'execution_id' as execution_id
         from json_array_elements(runledger.${due ? 'due_checks' : 'youngest_unsettled'}($1, 100)) f`,
      [namespace],
    );

  async function changesSince(cursor: string | null, limit = 100): Promise<Changes> {
    const [row] = await ledger.db.query<{ c: Changes }>('select runledger.changes_since($1, $2) as c', [cursor, limit]);
    return (row as { c: Changes }).c;
  }

  async function admit(more: object = {}) {
    const request = {
      workflow_id: ledger.ada.workflowId,
      created_by: ledger.ada.id,
      input: { n: 1 },
      start_within_ms: 60_000,
      ...more,
    };
    const [row] = await ledger.db.query<{ r: { created: boolean; execution: { id: string; status: string } } }>(
      'select runledger.admit_execution($1::jsonb) as r',
      [JSON.stringify(request)],
    );
    return (row as { r: { created: boolean; execution: { id: string; status: string } } }).r;
  }

  test('unsettled executions come youngest first, due ones oldest check first, settled ones not at all', async () => {
    const namespace = `ns-${randomUUID()}`;
    const ids: string[] = [];
    for (let day = 1; day <= 3; day++) {
      ids.push(
        await insertExecution(ledger, { temporal_namespace: namespace, started_at: `2026-01-0${day}T00:00:00Z` }),
      );
    }
    expect((await unsettled(namespace)).map((row) => row.execution_id)).toEqual(ids.toReversed());
    await ledger.db.query('select runledger.save_checks($1::jsonb)', [
      JSON.stringify([
        { execution: ids[0], health: 'live', nextCheckInMs: 60_000 },
        { execution: ids[2], health: 'lost', reason: 'gone', nextCheckInMs: -1 },
      ]),
    ]);
    expect((await unsettled(namespace, true)).map((row) => row.execution_id).toSorted()).toEqual(
      [ids[1], ids[2]].toSorted(),
    );
    await recordOutcomes(ledger.db, [outcome(ids[1] as string, 'completed')]);
    expect((await unsettled(namespace)).map((row) => row.execution_id)).toEqual([ids[2], ids[0]]);
  });

  test('each of several that come in one statement gets what it would get alone', async () => {
    const { db, ada } = ledger;
    const rows = await db.query<{ id: string; kind: string }>(
      `insert into runledger.workflow_executions (workflow_id, created_by, temporal_workflow_id, temporal_run_id, status,
           outcome_authority, closing_run_id, tags)
         select $1, $2, case when k.kind <> 'direct' then gen_random_uuid()::text end,
                case when k.kind <> 'direct' then 'run-1' end, case when k.kind = 'running' then 'running' else 'completed' end,
                case when k.kind = 'by the engine' then 'engine' when k.kind <> 'running' then 'reported' end,
                case when k.kind = 'by the engine' then 'run-1' end, array[k.kind]
           from unnest(array['direct', 'running', 'reported', 'by the engine']) k (kind)
         returning id, tags[1] as kind`,
      [ada.workflowId, ada.id],
    );
    const follows = await db.query<{ kind: string; checks: number; timelines: number; transitions: number }>(
      `select e.tags[1] as kind,
              (select count(*)::int from runledger.execution_checks c where c.execution_id = e.id) as checks,
              (select count(*)::int from runledger.execution_timelines t where t.execution_id = e.id) as timelines,
              (select count(*)::int from runledger.execution_transitions t
                where t.execution_id = e.id and t.from_status is null and t.to_status = e.status) as transitions
         from runledger.workflow_executions e where e.id = any ($1::uuid[])`,
      [rows.map(({ id }) => id)],
    );
    const byKind = Object.fromEntries(
      follows.map(({ kind, checks, timelines, transitions }) => [kind, [transitions, checks, timelines]]),
    );
    expect(byKind).toEqual({
      direct: [1, 0, 0],
      running: [1, 1, 0],
      reported: [1, 1, 0],
      'by the engine': [1, 0, 1],
    });
  });

  test('changes are read once each, the deletion too, and none that commits late is passed over', async () => {
    const { cursor } = await changesSince(null);
    const id = await insertExecution(ledger);
    await recordOutcomes(ledger.db, [outcome(id, 'completed')]);
    await ledger.db.query('delete from runledger.workflow_executions where id = $1', [id]);
    // Any transaction of the cluster that is still open holds back the cursor, and the changes behind it.
    const ofIt = async (from: string | null) => {
      const { changes, cursor: next } = await changesSince(from);
      return { changes: changes.filter(({ executionId }) => executionId === id), next };
    };
    let seen = await ofIt(cursor);
    while (seen.changes.length === 0) {
      await pause(50);
      seen = await ofIt(cursor);
    }
    expect(seen.changes).toEqual([expect.objectContaining({ executionId: id, revision: 3, deleted: true })]);
    expect((await ofIt(seen.next)).changes).toEqual([]);
  });

  test('a deletion tells whether the owner or retention did it', async () => {
    const { cursor } = await changesSince(null);
    const [byOwner, byRetention, bySql] = await Promise.all([1, 2, 3].map(() => insertExecution(ledger)));
    const all = [byOwner, byRetention, bySql] as string[];
    await recordOutcomes(
      ledger.db,
      all.map((id) => outcome(id, 'completed')),
    );
    const [owned] = await ledger.db.query<{ created_by: string }>(
      'select created_by from runledger.workflow_executions where id = $1',
      [byOwner],
    );
    await ledger.db.query('select runledger.delete_executions($1, $2)', [owned?.created_by, [byOwner]]);
    await ledger.db.query('select runledger_private.prune_due($1, $2, $2)', [[byRetention], []]);
    await ledger.db.query('delete from runledger.workflow_executions where id = $1', [bySql]);
    await expect
      .poll(async () => {
        const { changes } = await changesSince(cursor);
        const told = changes.filter(({ deleted }) => deleted);
        return all.map((id) => told.find(({ executionId }) => executionId === id)?.deletedBy ?? 'nobody is known');
      })
      .toEqual(['owner', 'retention', 'nobody is known']);
  });

  test('a page of changes ends with a whole transaction and goes on after it', async () => {
    let { cursor } = await changesSince(null);
    const ids = await Promise.all(Array.from({ length: 7 }, () => insertDirect(ledger)));
    // Any transaction of the cluster that is still open holds back the cursor, and the changes behind it.
    const ofThese = (changes: { executionId: string }[]) =>
      changes.map(({ executionId }) => executionId).filter((id) => ids.includes(id));
    const seen: string[] = [];
    while (seen.length < ids.length) {
      await pause(5);
      const next = await changesSince(cursor, 2);
      seen.push(...ofThese(next.changes));
      cursor = next.cursor;
    }
    for (let page = 0; page < 3; page++) seen.push(...ofThese((await changesSince(cursor, 2)).changes));
    expect(seen.toSorted()).toEqual(ids.toSorted());
  });

  /** Pages from a cursor on, up to one that tells of an execution. Any open transaction of the cluster holds both back. */
  async function readUntil(from: string | null, id: string) {
    let cursor = from;
    const changes: Changes['changes'] = [];
    while (!changes.some(({ executionId }) => executionId === id)) {
      await pause(5);
      const page = await changesSince(cursor);
      changes.push(...page.changes);
      cursor = page.cursor;
    }
    return { changes: changes.filter(({ executionId }) => executionId === id), all: changes, cursor };
  }

  test('every change is told, with its user and workflow: by its transition, or where the status stays by a row of its own', async () => {
    const start = await changesSince(null);
    const id = await insertExecution(ledger);
    const change = (revision: number) => ({
      ...{ executionId: id, userId: ledger.ada.id, workflowId: ledger.ada.workflowId },
      ...{ revision, deleted: false },
    });
    const inserted = await readUntil(start.cursor, id);
    expect(inserted.changes).toEqual([change(1)]);
    await ledger.db.query(`update runledger.workflow_executions set verdict = 'fine' where id = $1`, [id]);
    const judged = await readUntil(inserted.cursor, id);
    expect(judged.changes).toEqual([change(2)]);
    await recordOutcomes(ledger.db, [outcome(id, 'completed')]);
    expect((await readUntil(judged.cursor, id)).changes).toEqual([change(3)]);
    const rows = await ledger.db.query(
      `select 'change' as told_by, revision::int from runledger.execution_changes where execution_id = $1
       union all select 'transition', revision::int from runledger.execution_transitions where execution_id = $1 order by 2`,
      [id],
    );
    expect(rows).toEqual([
      { told_by: 'transition', revision: 1 },
      { told_by: 'change', revision: 2 },
      { told_by: 'transition', revision: 3 },
    ]);
  });

  test('a transition that a dump brought from another cluster is no change', async () => {
    const start = await changesSince(null);
    const id = await insertExecution(ledger);
    const { cursor } = await readUntil(start.cursor, id);
    await ledger.db.query(
      `insert into runledger.execution_transitions (at, revision, execution_id, created_by, to_status, source, authority)
         values (now() - interval '2 days', 1, $1, $2, 'running', 'service', 'reported')`,
      [id, ledger.ada.id],
    );
    const after = await insertExecution(ledger);
    const { all } = await readUntil(cursor, after);
    expect(all.map(({ executionId }) => executionId)).not.toContain(id);
  });

  test('a cursor of another cluster starts at the present', async () => {
    expect((await changesSince('99999999999')).changes).toEqual([]);
  });

  test('an idempotency key gives the same execution for the same input, and a conflict for another', async () => {
    const key = { idempotency_key: randomUUID(), input_hash: 'a' };
    const first = await admit(key);
    const again = await admit(key);
    expect([first.created, again.created, again.execution.id]).toEqual([true, false, first.execution.id]);
    await expect(admit({ ...key, input_hash: 'b' })).rejects.toMatchObject({ code: 'PT409' });
    await ledger.db.query('update runledger.idempotency_keys set expires_at = now() where key = $1', [
      key.idempotency_key,
    ]);
    expect((await admit({ ...key, input_hash: 'b' })).created).toBe(true);
  });

  test('an attempt whose answer was lost admits nothing twice', async () => {
    const id = randomUUID();
    await admit({ id });
    const again = await admit({ id });
    expect(again.execution.id).toBe(id);
  });

  test('nothing is admitted to an unknown or archived workflow', async () => {
    await expect(admit({ workflow_id: randomUUID() })).rejects.toMatchObject({ code: 'PT404' });
    const [archived] = await ledger.db.query<{ id: string }>(
      `insert into runledger.workflows (user_id, name, workflow_type, task_queue, archived_at) values ($1, 'Old', 't', 'q', now()) returning id`,
      [ledger.ada.id],
    );
    await expect(admit({ workflow_id: archived?.id })).rejects.toMatchObject({ code: 'PT422' });
  });

  test('only what still may be started waits for a start', async () => {
    const waiting = await admit();
    const late = await admit({ start_within_ms: -1 });
    const cancelled = await admit();
    await ledger.db.query(`select runledger.request_cancel($1, 'ada', 'changed my mind')`, [cancelled.execution.id]);
    const registered = await insertExecution(ledger, { temporal_run_id: null });
    const rows = await ledger.db.query<{ execution_id: string }>(
      `select execution_id from runledger.pending_starts('default', 0, 1000)`,
    );
    const ids = rows.map((row) => row.execution_id);
    expect(ids).toContain(waiting.execution.id);
    for (const id of [late.execution.id, cancelled.execution.id, registered]) expect(ids).not.toContain(id);
  });

  test('a cancel wins over a start that never was, and follows a start that was under way', async () => {
    const { execution } = await admit();
    const cancel = () =>
      ledger.db.query<{ result: string }>(`select result from runledger.request_cancel($1, 'ada', 'no')`, [
        execution.id,
      ]);
    expect(await cancel()).toEqual([{ result: 'applied' }]);
    expect(await readExecution(ledger.db, execution.id)).toMatchObject({
      status: 'cancelled',
      outcome_authority: 'reported',
      error_message: 'no',
    });
    expect(await cancel()).toEqual([{ result: 'already_terminal' }]);
    const [started] = await recordOpen(ledger.db, [open(execution.id, { source: 'service' })]);
    expect(started).toMatchObject({ result: 'applied', status: 'running', cancel_requested_at: expect.any(String) });
  });

  test('a running execution only notes the cancel request', async () => {
    const id = await insertExecution(ledger);
    await ledger.db.query(`select runledger.request_cancel($1, 'ada', 'no')`, [id]);
    expect(await readExecution(ledger.db, id)).toMatchObject({
      status: 'running',
      cancel_requested_by: 'ada',
      cancel_reason: 'no',
    });
  });

  test('of given runs those of no execution are unknown', async () => {
    const id = await insertExecution(ledger, { temporal_run_id: 'known-1' });
    await recordOpen(ledger.db, [open(id, { firstRunId: 'known-1', runId: 'known-2' })]);
    const { temporal_workflow_id: temporalWorkflowId } = await readExecution(ledger.db, id);
    const runs = ['known-1', 'known-2', 'stranger'].map((runId) => ({ temporalWorkflowId, runId }));
    const [row] = await ledger.db.query<{ found: { isKnown: boolean }[] }>(
      `select runledger.find_runs('default', $1::jsonb) as found`,
      [JSON.stringify(runs)],
    );
    expect(row?.found.map(({ isKnown }) => isKnown)).toEqual([true, true, false]);
  });

  test('watermarks merge, the proof is replaced, old changes go', async () => {
    const namespace = randomUUID();
    await ledger.db.query(`select runledger.save_monitor_state($1, '{"closure":"a"}', '{"unsettled":1}')`, [namespace]);
    await ledger.db.query(`select runledger.save_monitor_state($1, '{"start":"b"}')`, [namespace]);
    expect(
      await ledger.db.query('select watermarks, proof from runledger.monitor_state where temporal_namespace = $1', [
        namespace,
      ]),
    ).toEqual([{ watermarks: { closure: 'a', start: 'b' }, proof: { unsettled: 1 } }]);
    await ledger.db.query(`update runledger.execution_changes set changed_at = now() - interval '2 hours'`);
    const id = await insertDirect(ledger);
    await ledger.db.query(`update runledger.workflow_executions set verdict = 'fine' where id = $1`, [id]);
    await ledger.db.query('select runledger.trim_changes()');
    expect(await ledger.db.query('select count(*)::int as n from runledger.execution_changes')).toEqual([{ n: 1 }]);
  });

  test('an execution can be deleted and recorded again under its id in one transaction', async () => {
    const id = await insertDirect(ledger);
    await ledger.db.transaction(async (db) => {
      for (let i = 0; i < 2; i++) {
        await db.query('delete from runledger.workflow_executions where id = $1', [id]);
        await insertDirect({ ...ledger, db: { ...ledger.db, query: db.query } }, { id });
      }
    });
    expect(await readExecution(ledger.db, id)).toMatchObject({ revision: 1 });
  });

  test('a workflow’s executions are deleted in batches, with all they own', async () => {
    const own = { ...ledger, ada: ledger.bob };
    for (let i = 0; i < 3; i++) await insertExecution(own);
    const remove = () =>
      ledger.db.query<{ n: number }>('select runledger.delete_workflow_executions($1, $2, 2) as n', [
        ledger.bob.workflowId,
        ledger.bob.id,
      ]);
    expect([await remove(), await remove(), await remove()]).toEqual([[{ n: 2 }], [{ n: 1 }], [{ n: 0 }]]);
    const [left] = await ledger.db.query<{ n: number }>(
      'select count(*)::int as n from runledger.execution_transitions where created_by = $1',
      [ledger.bob.id],
    );
    expect(left?.n).toBe(0);
  });

  test('a user who gets another id keeps everything, a user who goes takes it along', async () => {
    const id = await insertExecution(ledger);
    await ledger.db.query('update runledger.users set id = $2 where id = $1', [ledger.ada.id, 'renamed']);
    expect(await readExecution(ledger.db, id)).toMatchObject({ created_by: 'renamed' });
    expect(
      await ledger.db.query('select distinct created_by from runledger.execution_transitions where execution_id = $1', [
        id,
      ]),
    ).toEqual([{ created_by: 'renamed' }]);
    await ledger.db.query(`delete from runledger.users where id = 'renamed'`);
    expect(await readExecution(ledger.db, id)).toBeUndefined();
  });
});
