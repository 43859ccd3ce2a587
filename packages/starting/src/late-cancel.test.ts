import type { ControlRequest, ControlResult, EngineTarget } from '@runledger/contracts';
import { describe, expect, test } from 'vitest';
import { sendCancelOn } from './late-cancel.ts';

const TARGET = { namespace: 'shop', temporalWorkflowId: 'order-1' };
const OPEN = { firstRunId: 'run-1', runId: 'run-2', cancelRequested: false };
const ROW = { cancelRequestedAt: '2026-11-21T09:00:00+00:00', cancelRequestedBy: 'ben', cancelReason: 'too late' };

function fakeEngine(result: ControlResult = 'requested') {
  const cancels: [EngineTarget, ControlRequest][] = [];
  const cancel = async (target: EngineTarget, request: ControlRequest) => {
    cancels.push([target, request]);
    return result;
  };
  return { engine: { cancel }, cancels };
}

describe('a cancel that has not reached the engine', () => {
  test.each(['requested', 'already_closed', 'gone_on', 'not_found'] as const)(
    'goes to the run that is open, under its chain, and the answer (%s) comes back',
    async (result) => {
      const { engine, cancels } = fakeEngine(result);
      expect(await sendCancelOn(engine, TARGET, { row: ROW, open: OPEN })).toBe(result);
      expect(cancels).toEqual([
        [
          { ...TARGET, firstRunId: 'run-1' },
          { actor: 'ben', reason: 'too late', runId: 'run-2' },
        ],
      ]);
    },
  );

  test('goes in the ledger’s own name where the row names nobody and no reason', async () => {
    const { engine, cancels } = fakeEngine();
    await sendCancelOn(engine, TARGET, { row: { ...ROW, cancelRequestedBy: null, cancelReason: null }, open: OPEN });
    expect(cancels[0]?.[1]).toEqual({ actor: 'runledger', reason: 'cancel requested', runId: 'run-2' });
  });

  test('does not exist where nobody asked', async () => {
    const { engine, cancels } = fakeEngine();
    expect(await sendCancelOn(engine, TARGET, { row: { ...ROW, cancelRequestedAt: null }, open: OPEN })).toBeNull();
    expect(cancels).toEqual([]);
  });

  test('is not sent a second time where the engine has one', async () => {
    const { engine, cancels } = fakeEngine();
    expect(await sendCancelOn(engine, TARGET, { row: ROW, open: { ...OPEN, cancelRequested: true } })).toBeNull();
    expect(cancels).toEqual([]);
  });
});
