import { ERROR_MESSAGE_LIMIT, ExecutionError } from '@runledger/contracts';
import { describe, expect, test } from 'vitest';
import type { Asked } from './fixtures/fake-start.ts';
import { fakeStart, pendingStart, recordAnswer, STARTED } from './fixtures/fake-start.ts';
import { startExecution } from './start-execution.ts';

const CANCEL = {
  cancelRequestedAt: '2026-11-21T09:00:00+00:00',
  cancelRequestedBy: 'ben',
  cancelReason: 'ordered twice',
};
const REFUSED = {
  kind: 'refused',
  failure: { type: 'InvalidArgument', message: 'no such namespace', nonRetryable: true },
} as const;

const ofCall = <Call extends Asked['call']>(asked: Asked[], call: Call) =>
  asked.filter((one): one is Asked & { call: Call } => one.call === call);

describe.each(['service', 'reconciler'] as const)('an execution that the %s starts', (source) => {
  test('is started with all that was admitted, and recorded as running in the run that Temporal names', async () => {
    const { deps, asked } = fakeStart();
    expect(await startExecution(pendingStart(), { ...deps, source })).toEqual(STARTED);
    const { executionId, ...request } = pendingStart();
    expect(asked).toEqual([
      { call: 'start', request },
      {
        call: 'record open',
        item: {
          executionId,
          source,
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
        },
      },
    ]);
  });

  test('brings its first run into the ledger where Temporal says when that began', async () => {
    const engineStartedAt = '2026-11-21T09:00:01.000000Z';
    const { deps, asked } = fakeStart({ result: { ...STARTED, engineStartedAt, alreadyStarted: true } });
    await startExecution(pendingStart(), { ...deps, source });
    const [recorded] = ofCall(asked, 'record open');
    expect(recorded?.item.open).toMatchObject({ engineStartedAt });
    expect(recorded?.item.open.runs).toEqual([
      {
        runId: 'run-1',
        runNumber: 1,
        cause: 'start',
        previousRunId: null,
        status: 'running',
        startedAt: engineStartedAt,
        closedAt: null,
        errorMessage: null,
        wasEnd: false,
      },
    ]);
  });

  test('ends failed, of no run, where Temporal refuses it for good; nothing else happens', async () => {
    const { deps, asked, calls } = fakeStart({
      result: REFUSED,
      answer: recordAnswer({ ...CANCEL, status: 'failed' }),
    });
    const before = Date.now();
    expect(await startExecution(pendingStart(), { ...deps, source })).toEqual(REFUSED);
    expect(calls()).toEqual(['start', 'record outcome']);
    const [recorded] = ofCall(asked, 'record outcome');
    const { closedAt, ...outcome } = recorded?.item.outcome ?? { closedAt: '' };
    expect(recorded?.item).toMatchObject({ executionId: 'execution-1', source });
    expect(Date.parse(closedAt)).toBeGreaterThanOrEqual(before);
    expect(outcome).toEqual({
      status: 'failed',
      runId: null,
      firstRunId: null,
      engineStartedAt: null,
      firstTaskAt: null,
      output: null,
      outputNote: null,
      failure: { type: 'StartRefused', message: 'no such namespace', nonRetryable: true },
      errorMessage: 'Temporal refused to start it: no such namespace',
      actor: null,
      reason: null,
      runs: [],
    });
  });

  test('is cancelled in Temporal too where somebody cancelled it before it had a run: in their name, with their reason', async () => {
    const { deps, asked, calls } = fakeStart({ answer: recordAnswer(CANCEL) });
    await startExecution(pendingStart(), { ...deps, source });
    expect(calls()).toEqual(['start', 'record open', 'cancel']);
    expect(ofCall(asked, 'cancel')).toEqual([
      {
        call: 'cancel',
        target: { namespace: 'shop', temporalWorkflowId: 'order-1', firstRunId: 'run-1' },
        request: { actor: 'ben', reason: 'ordered twice', runId: 'run-1' },
      },
    ]);
  });

  test.each(['pending', 'completed', 'cancelled', 'failed', null] as const)(
    'is not cancelled where its row is not running but %s',
    async (status) => {
      const { deps, calls } = fakeStart({ answer: recordAnswer({ ...CANCEL, status }) });
      await startExecution(pendingStart(), { ...deps, source });
      expect(calls()).toEqual(['start', 'record open']);
    },
  );

  test('is not recorded while Temporal is away, so that it stays pending', async () => {
    const away = new ExecutionError('engine_unavailable', 'connect ECONNREFUSED');
    const { deps, calls } = fakeStart({ result: away });
    await expect(startExecution(pendingStart(), { ...deps, source })).rejects.toBe(away);
    expect(calls()).toEqual(['start']);
  });

  test('is not cancelled by guess while the ledger is away', async () => {
    const away = new ExecutionError('ledger_unavailable', 'fetch failed');
    const { deps, calls } = fakeStart({ answer: away });
    await expect(startExecution(pendingStart(), { ...deps, source })).rejects.toBe(away);
    expect(calls()).toEqual(['start', 'record open']);
  });
});

test('what Temporal says of a refusal is recorded whatever its characters and its length', async () => {
  const message = `a\0b ${'x'.repeat(2 * ERROR_MESSAGE_LIMIT)}`;
  const { deps, asked } = fakeStart({ result: { kind: 'refused', failure: { type: null, message } } });
  await startExecution(pendingStart(), { ...deps, source: 'service' });
  const said = ofCall(asked, 'record outcome')[0]?.item.outcome.errorMessage ?? '';
  expect(said).toMatch(/^Temporal refused to start it: a/);
  expect(said).not.toContain('\0');
  expect(said.length).toBeLessThanOrEqual(ERROR_MESSAGE_LIMIT);
});
