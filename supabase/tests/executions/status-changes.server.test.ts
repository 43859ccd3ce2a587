import { randomUUID } from 'node:crypto';
import type { Authority, ExecutionStatus } from '@runledger/contracts';
import { EXECUTION_STATUSES, isLegalChange, isTerminal } from '@runledger/contracts';
import { databaseKinds } from '@runledger/local-stack';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LedgerDatabase, Row } from '../ledger-database.ts';
import { openLedger } from '../ledger-database.ts';

interface Case {
  from: { status: ExecutionStatus; authority: Authority | null };
  to: { status: ExecutionStatus; authority: Authority; runId: string };
}

const standings: Case['from'][] = EXECUTION_STATUSES.flatMap((status): Case['from'][] =>
  isTerminal(status)
    ? [
        { status, authority: 'engine' },
        { status, authority: 'reported' },
      ]
    : [{ status, authority: null }],
);

/** Every standing, changed to every status by every authority about the same run and about a new one. */
const cases: Case[] = standings
  .flatMap((from) =>
    EXECUTION_STATUSES.flatMap((status) =>
      (['engine', 'reported'] as const).flatMap((authority) =>
        ['first', 'second'].map((runId): Case => ({ from, to: { status, authority, runId } })),
      ),
    ),
  )
  .filter(({ from, to }) => {
    // The same standing again is not a change; the engine's word on an open row is told by a new run.
    if (isTerminal(to.status))
      return !(from.status === to.status && from.authority === to.authority && to.runId === 'first');
    return from.status !== to.status;
  });

describe.each(databaseKinds)('on %s', (kind) => {
  let ledger: LedgerDatabase;
  beforeAll(async () => {
    ledger = await openLedger(kind);
  });
  afterAll(() => ledger.db.close());

  /** An execution for each case, as it stands before; in their order. */
  async function insertStandings(): Promise<string[]> {
    const ids = cases.map(() => randomUUID());
    await ledger.db.query(
      `insert into runledger.workflow_executions
         (id, workflow_id, created_by, temporal_workflow_id, temporal_run_id, status)
       select c.id, $1, $2, c.id, case when c.status <> 'pending' then 'first' end, c.status
         from jsonb_to_recordset($3) as c (id uuid, status text)`,
      [
        ledger.ada.workflowId,
        ledger.ada.id,
        JSON.stringify(cases.map(({ from }, n) => ({ id: ids[n], status: from.status }))),
      ],
    );
    await ledger.db.query(
      `update runledger.workflow_executions set outcome_authority = 'engine', closing_run_id = 'first'
        where id in (select jsonb_array_elements_text($1)::uuid)`,
      [JSON.stringify(ids.filter((_, n) => cases[n]?.from.authority === 'engine'))],
    );
    return ids;
  }

  async function readExecutions(): Promise<Map<string, Row>> {
    const rows = await ledger.db.query<Row>('select * from runledger.workflow_executions');
    return new Map(rows.map((row) => [row.id, row]));
  }

  function change(id: string, { status, authority, runId }: Case['to']) {
    const note = JSON.stringify({ source: authority === 'engine' ? 'reconciler' : 'report', authority });
    return isTerminal(status)
      ? ledger.db.query(
          `update runledger.workflow_executions set status = $2, outcome_authority = $3, closing_run_id = $4,
             error_message = coalesce(error_message, 'why'), last_transition = $5 where id = $1`,
          [id, status, authority, runId, note],
        )
      : ledger.db.query(
          `update runledger.workflow_executions set status = $2, current_run_id = $3, last_transition = $4 where id = $1`,
          [id, status, status === 'pending' ? null : runId, note],
        );
  }

  test('plain SQL may change a status exactly where the contract says so', async () => {
    const wrong: unknown[] = [];
    const ids = await insertStandings();
    const before = await readExecutions();
    const untouched: string[] = [];
    for (const [n, { from, to }] of cases.entries()) {
      const id = ids[n] as string;
      const standing = { ...from, closingRunId: isTerminal(from.status) ? 'first' : null };
      expect(before.get(id)).toMatchObject({ status: from.status, outcome_authority: from.authority });
      const refused = await change(id, to).then(
        () => null,
        (error: Error & { code?: string }) => error,
      );
      const legal = isLegalChange(standing, to);
      if ((refused === null) !== legal) wrong.push({ from, to, legal, refused: refused?.message });
      if (refused) {
        expect(refused).toMatchObject({ code: 'PT409' });
        untouched.push(id);
      }
    }
    const after = await readExecutions();
    for (const id of untouched) expect(after.get(id)).toEqual(before.get(id));
    expect(wrong).toEqual([]);
    expect(cases.length).toBeGreaterThan(200);
  });
});
