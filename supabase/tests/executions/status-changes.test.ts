import type { Authority, ExecutionStatus } from '@runledger/contracts';
import { EXECUTION_STATUSES, isLegalChange, isTerminal } from '@runledger/contracts';
import { databaseKinds } from '@runledger/local-stack';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LedgerDatabase } from '../ledger-database.ts';
import { insertExecution, openLedger, readExecution } from '../ledger-database.ts';

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

  async function insertStanding({ status, authority }: Case['from']): Promise<string> {
    const id = await insertExecution(ledger, { status, temporal_run_id: status === 'pending' ? null : 'first' });
    if (authority === 'engine') {
      await ledger.db.query(
        `update runledger.workflow_executions set outcome_authority = 'engine', closing_run_id = 'first' where id = $1`,
        [id],
      );
    }
    return id;
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
    for (const { from, to } of cases) {
      const id = await insertStanding(from);
      const standing = { ...from, closingRunId: isTerminal(from.status) ? 'first' : null };
      const before = await readExecution(ledger.db, id);
      const refused = await change(id, to).then(
        () => null,
        (error: Error & { code?: string }) => error,
      );
      const legal = isLegalChange(standing, to);
      if ((refused === null) !== legal) wrong.push({ from, to, legal, refused: refused?.message });
      if (refused) {
        expect(refused).toMatchObject({ code: 'PT409' });
        expect(await readExecution(ledger.db, id)).toEqual(before);
      }
    }
    expect(wrong).toEqual([]);
    expect(cases.length).toBeGreaterThan(200);
  });
});
