import { randomUUID } from 'node:crypto';
import { testedKinds } from '@runledger/local-stack';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LedgerApi } from './fixtures/open-ledger-api.ts';
import { openLedgerApi } from './fixtures/open-ledger-api.ts';

describe.each(testedKinds('pglite', 'postgres-17'))('without the SQL functions, on %s', (kind) => {
  let api: LedgerApi;
  let ids: Record<'temporal' | 'direct' | 'ended' | 'corrected', string>;
  let temporalWorkflowId: string;

  beforeAll(async () => {
    api = await openLedgerApi(kind);
    temporalWorkflowId = randomUUID();
    const input = { workflowId: api.workflow.id, userId: api.ada.id };
    const inTemporal = (id: string) =>
      api.service.createExecution({ ...input, temporalWorkflowId: id, temporalRunId: 'run-1' });
    ids = {
      temporal: (await inTemporal(temporalWorkflowId)).id,
      direct: (await api.service.createExecution(input)).id,
      ended: (await api.service.createExecution(input)).id,
      corrected: (await inTemporal(randomUUID())).id,
    };
    await api.service.markFailed(ids.ended, 'x');
    const { revision } = await api.service.markCompleted(ids.corrected);
    await api.ledger.recordOpen([
      {
        executionId: ids.corrected,
        source: 'reconciler',
        open: {
          firstRunId: 'run-1',
          runId: 'run-1',
          engineStartedAt: null,
          firstTaskAt: null,
          cancelRequested: false,
          engineStatus: 'RUNNING',
          wedged: null,
          runs: [],
        },
        takeBackRevision: revision,
      },
    ]);
    await api.supabase.database.exec('drop function runledger.record_outcomes(jsonb, boolean)');
    await api.supabase.reloadSchema();
  });
  afterAll(() => api.close());

  test('a report is one update, which the triggers guard and complete', async () => {
    const reportId = randomUUID();
    const marked = await api.service.markCompleted(temporalWorkflowId, { ok: true }, 12, {
      reportId,
      actor: 'worker-1',
      runId: 'run-1',
    });
    expect(marked).toMatchObject({
      result: 'applied',
      executionId: ids.temporal,
      status: 'completed',
      revision: 2,
      reportId,
    });
    expect(await api.service.markFailed(ids.temporal, 'late')).toMatchObject({
      result: 'already_terminal',
      status: 'completed',
    });
    expect(await api.service.markCompleted(ids.temporal, null, 1, { reportId })).toMatchObject({ result: 'applied' });
    expect(await api.service.getExecutionById(ids.temporal)).toMatchObject({
      output: { ok: true },
      durationMs: 12,
      outcomeAuthority: 'reported',
    });
    const transitions = await api.supabase.database.query(
      'select to_status, authority, source, actor, run_id, report_id from runledger.execution_transitions where execution_id = $1 order by revision desc limit 1',
      [ids.temporal],
    );
    expect(transitions).toEqual([
      {
        to_status: 'completed',
        authority: 'reported',
        source: 'report',
        actor: 'worker-1',
        run_id: 'run-1',
        report_id: reportId,
      },
    ]);
  });

  test('the count is right, a report of a run without an engine names no run, an ended one stands', async () => {
    expect(await api.service.markFailed(ids.direct, 'boom', 3, { runId: 'ignored' })).toMatchObject({
      result: 'applied',
      executionCount: 3,
    });
    expect(
      await api.service.updateExecutionById(ids.ended, {
        status: 'failed',
        activitiesExecuted: 2,
        verdict: 'v',
        stateSnapshot: 1,
      }),
    ).toMatchObject({ status: 'failed' });
    await expect(api.service.markCompleted('nobody')).rejects.toMatchObject({ code: 'not_found' });
  });

  test('a verdict that comes after the end is kept', async () => {
    expect(await api.service.markCompleted(ids.direct, null, 1, { verdict: 'rejected' })).toMatchObject({
      result: 'already_terminal',
      status: 'failed',
    });
    expect(await api.service.getExecutionById(ids.direct)).toMatchObject({ verdict: 'rejected' });
  });

  test('a report about a run that the engine contradicted is a conflict', async () => {
    expect(await api.service.markCompleted(ids.corrected)).toMatchObject({ result: 'conflict', status: 'running' });
  });
});
