import { randomUUID } from 'node:crypto';
import { databaseKinds } from '@runledger/local-stack';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buffersRead } from '../buffers-read.ts';
import type { LedgerDatabase } from '../ledger-database.ts';
import { insertExecution, openLedger } from '../ledger-database.ts';

interface Usual {
  p50: number;
  p99: number;
  of: number;
  whose: 'everyone' | 'own';
}

describe.each(databaseKinds)('on %s', (kind) => {
  let ledger: LedgerDatabase;
  beforeAll(async () => {
    ledger = await openLedger(kind);
  });
  afterAll(() => ledger?.db.close());

  const usualOf = async (user: string): Promise<Usual | null> => {
    const [row] = await ledger.db.query<{ usual: Usual | null }>('select runledger_private.usual_of($1, $2) as usual', [
      ledger.ada.workflowId,
      user,
    ]);
    return row?.usual ?? null;
  };

  /** Direct executions of Ada's workflow that took so long each. */
  const complete = (user: string, durations: number[]) =>
    ledger.db.query(
      `insert into runledger.workflow_executions (workflow_id, created_by, engine, status, outcome_authority, started_at,
           completed_at, duration_ms, recorded_at)
         select $1, $2, 'none', 'completed', 'reported', now(), now(), d, now() from unnest($3::bigint[]) d`,
      [ledger.ada.workflowId, user, durations],
    );

  test('how long a few others’ executions took is told to nobody but the owner of the workflow', async () => {
    expect(await usualOf(ledger.bob.id)).toBeNull();
    await complete(
      ledger.ada.id,
      Array.from({ length: 30 }, () => 10),
    );
    expect(await usualOf(ledger.bob.id)).toBeNull();
    await complete(ledger.bob.id, [1_000, 2_000]);
    expect(await usualOf(ledger.bob.id)).toMatchObject({ p50: 1_000, p99: 2_000, of: 2, whose: 'own' });
    expect(await usualOf(ledger.ada.id)).toMatchObject({ p50: 10, of: 32, whose: 'everyone' });
  });

  test('where it is twenty of five users’, everybody is told, roughly: neither one execution nor how many there are', async () => {
    for (const user of ['c', 'd', 'e']) {
      await ledger.db.query('insert into runledger.users (id) values ($1)', [user]);
      await complete(user, [12_345]);
    }
    expect(await usualOf(ledger.bob.id)).toEqual({ p50: 10, p95: 12_000, p99: 12_000, of: 20, whose: 'everyone' });
    expect(await usualOf(ledger.ada.id)).toMatchObject({ p99: 12_345, of: 35, whose: 'everyone' });
  });

  test('one that was reset again and again tells its first change of status and the latest ones', async () => {
    const id = await insertExecution(ledger, { status: 'running' });
    await ledger.db.query(
      `insert into runledger.execution_transitions (execution_id, created_by, revision, from_status, to_status, source, authority, run_id)
         select $1, $2, 10 + n, 'running', 'running', 'user', 'engine', 'run-' || n from generate_series(1, 5000) n`,
      [id, ledger.ada.id],
    );
    const [row] = await ledger.db.query<{ read: { transitions: { run_id: string; from_status: string | null }[] } }>(
      'select runledger.read_execution($1, $2) as read',
      [id, ledger.ada.id],
    );
    const { transitions = [] } = row?.read ?? {};
    expect(transitions).toHaveLength(200);
    expect([transitions[0]?.from_status, transitions[1]?.run_id, transitions.at(-1)?.run_id]).toEqual([
      null,
      'run-4802',
      'run-5000',
    ]);
  });

  test('an execution of a workflow with many is read by a bounded number of buffers', async () => {
    await complete(
      ledger.ada.id,
      Array.from({ length: 3_000 }, (_, i) => i),
    );
    const id = await insertExecution(ledger);
    const read = await buffersRead(
      ledger.db,
      'select runledger.read_execution($1::uuid, $2::text)',
      [id, ledger.ada.id],
      { before: 3 },
    );
    expect(read).toBeLessThan(1_500);
  });

  test('strips of latest executions and counts by health read what they show, whatever else there is', async () => {
    const { db, ada } = ledger;
    const strips = 'select runledger.recent_runs($1, $2::uuid[])';
    expect(await buffersRead(db, strips, [ada.id, [ada.workflowId]], { before: 3 })).toBeLessThan(150);
    const everybodys = 'select runledger.recent_runs($1, $2::uuid[], p_everybody => true)';
    expect(await buffersRead(db, everybodys, [ada.id, [ada.workflowId]], { before: 3 })).toBeLessThan(150);
    const health = 'select runledger.count_by_health($1::text)';
    expect(await buffersRead(db, health, [ada.id], { before: 3 })).toBeLessThan(150);
    const ofWorkflow = 'select runledger.count_by_health(null, $1::uuid)';
    expect(await buffersRead(db, ofWorkflow, [ada.workflowId], { before: 3 })).toBeLessThan(150);
  });

  test('the id of a row that turned out to be another execution means that one, wherever one is given, in the scope of its user only', async () => {
    const id = await insertExecution(ledger);
    const gone = '01939c5e-0000-7000-8000-0000000000aa';
    await ledger.db.query(
      `insert into runledger.execution_transitions (revision, execution_id, created_by, from_status, to_status, source,
           authority, merged_execution_id) values (2, $1, $2, 'running', 'running', 'reconciler', 'engine', $3)`,
      [id, ledger.ada.id, gone],
    );
    const signal = () => JSON.stringify([{ id: randomUUID(), execution: gone, kind: 'signal', signalName: 'go' }]);
    const ended = JSON.stringify([{ execution: gone, status: 'failed', reason: 'gone' }]);
    const questions: Record<string, [sql: string, params: (user: string) => unknown[]]> = {
      read_execution: [`runledger.read_execution($1::uuid, $2) #>> '{execution,id}'`, (user) => [gone, user]],
      compare_executions: [
        `runledger.compare_executions($1::uuid, $2) #>> '{execution,execution,id}'`,
        (user) => [gone, user],
      ],
      progress_of: [`runledger.progress_of($2, $1::uuid) ->> 'status'`, (user) => [gone, user]],
      requests_of: [`runledger.requests_of($2, $1::uuid) ->> 'requests'`, (user) => [gone, user]],
      note_requests: [`runledger.note_requests($1, $2::jsonb) #>> '{0,execution,id}'`, (user) => [user, signal()]],
      search_executions: [
        `runledger.search_executions($1, null, jsonb_build_object('ids', jsonb_build_array($2::text))) #>> '{rows,0,id}'`,
        (user) => [user, gone],
      ],
      search_everything: [`runledger.search_everything($1, $2) #>> '{0,row,id}'`, (user) => [user, gone]],
      delete_executions: [
        `nullif(runledger.delete_executions($1, array[$2::uuid]) ->> 0, 'not_found')`,
        (user) => [user, gone],
      ],
    };
    const found: Record<string, boolean[]> = {};
    for (const [name, [sql, params]] of Object.entries(questions))
      for (const user of [ledger.ada.id, ledger.bob.id]) {
        const [row] = await ledger.db.query<{ answer: string | null }>(`select ${sql} as answer`, params(user));
        found[name] = [...(found[name] ?? []), row?.answer !== null];
      }
    expect(found).toEqual(Object.fromEntries(Object.keys(questions).map((name) => [name, [true, false]])));
    const [lost] = await ledger.db.query<{ execution_id: string; result: string }>(
      'select * from runledger.end_lost_executions($1::jsonb)',
      [ended],
    );
    expect(lost).toMatchObject({ execution_id: id, result: 'conflict' });
  });
});
