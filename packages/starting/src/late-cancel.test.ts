import type { ControlRequest, ControlResult, EngineTarget, StopKind } from '@runledger/contracts';
import { describe, expect, test } from 'vitest';
import { sendCancelOn } from './late-cancel.ts';

const IN_ENGINE = { namespace: 'shop', temporalWorkflowId: 'order-1' };
const TARGET = { executionId: 'execution-1', ...IN_ENGINE };
const OPEN = { firstRunId: 'run-1', runId: 'run-2', cancelRequested: false };
const ROW = { cancelRequestedAt: '2026-11-21T09:00:00+00:00', cancelRequestedBy: 'ben', cancelReason: 'too late' };

function fakeServers({ result = 'requested', kind = 'cancel' }: { result?: ControlResult; kind?: StopKind } = {}) {
  const sent: [StopKind, EngineTarget, ControlRequest][] = [];
  const asked: [string, string][] = [];
  const take = (kind: StopKind) => async (target: EngineTarget, request: ControlRequest) => {
    sent.push([kind, target, request]);
    return result;
  };
  const stopKind = async (executionId: string, at: string) => {
    asked.push([executionId, at]);
    return kind;
  };
  const deps = { engine: { cancel: take('cancel'), terminate: take('terminate') }, ledger: { stopKind } };
  return { deps, sent, asked };
}

describe('a cancel that has not reached the engine', () => {
  test.each(['requested', 'already_closed', 'gone_on', 'not_found'] as const)(
    'goes to the run that is open, under its chain, and the answer (%s) comes back',
    async (result) => {
      const { deps, sent } = fakeServers({ result });
      expect(await sendCancelOn(deps, TARGET, { row: ROW, open: OPEN })).toBe(result);
      expect(sent).toEqual([
        ['cancel', { ...IN_ENGINE, firstRunId: 'run-1' }, { actor: 'ben', reason: 'too late', runId: 'run-2' }],
      ]);
    },
  );

  test('goes in the ledger’s own name where the row names nobody and no reason', async () => {
    const { deps, sent } = fakeServers();
    await sendCancelOn(deps, TARGET, { row: { ...ROW, cancelRequestedBy: null, cancelReason: null }, open: OPEN });
    expect(sent[0]?.[2]).toEqual({ actor: 'runledger', reason: 'cancel requested', runId: 'run-2' });
  });

  test('is a terminate where that marked the row', async () => {
    const { deps, sent, asked } = fakeServers({ kind: 'terminate' });
    await sendCancelOn(deps, TARGET, { row: ROW, open: OPEN });
    expect(asked).toEqual([['execution-1', ROW.cancelRequestedAt]]);
    expect(sent).toEqual([
      ['terminate', { ...IN_ENGINE, firstRunId: 'run-1' }, { actor: 'ben', reason: 'too late', runId: 'run-2' }],
    ]);
  });

  test('is a terminate too where somebody’s cancel has reached the engine already', async () => {
    const { deps, sent } = fakeServers({ kind: 'terminate' });
    await sendCancelOn(deps, TARGET, { row: ROW, open: { ...OPEN, cancelRequested: true } });
    expect(sent.map(([kind]) => kind)).toEqual(['terminate']);
  });

  test('does not exist where nobody asked', async () => {
    const { deps, sent } = fakeServers();
    expect(await sendCancelOn(deps, TARGET, { row: { ...ROW, cancelRequestedAt: null }, open: OPEN })).toBeNull();
    expect(sent).toEqual([]);
  });

  test('is not sent a second time where the engine has one', async () => {
    const { deps, sent } = fakeServers();
    expect(await sendCancelOn(deps, TARGET, { row: ROW, open: { ...OPEN, cancelRequested: true } })).toBeNull();
    expect(sent).toEqual([]);
  });
});
