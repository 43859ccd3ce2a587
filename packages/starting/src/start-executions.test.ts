import type {
  PendingStart,
  RecordAnswer,
  RecordOpen,
  RecordOutcome,
  StartRequest,
  StartResult,
} from '@runledger/contracts';
import { ExecutionError } from '@runledger/contracts';
import { describe, expect, test } from 'vitest';
import { pendingStart, recordAnswer, STARTED } from './fixtures/fake-start.ts';
import { startExecutions } from './start-executions.ts';

const REFUSED: StartResult = { kind: 'refused', failure: { type: 'InvalidArgument', message: 'no such namespace' } };
const AWAY = new ExecutionError('engine_unavailable', 'connect ECONNREFUSED');

const pending = (n: number): PendingStart =>
  pendingStart({ executionId: `execution-${n}`, temporalWorkflowId: `order-${n}` });

/** An engine that answers by the number in the workflow id, and a ledger that answers each item by `rowOf`, or throws. */
function fakeServers({
  resultOf = () => STARTED,
  rowOf = () => recordAnswer(),
  ledgerFault,
}: {
  resultOf?: (n: number) => StartResult | Error;
  rowOf?: (executionId: string) => RecordAnswer;
  ledgerFault?: Error;
}) {
  const calls: string[] = [];
  let underWay = 0;
  let mostAtOnce = 0;
  const keep = async (name: string, items: (RecordOpen | RecordOutcome)[]) => {
    calls.push(`${name} ${items.length}`);
    if (ledgerFault) throw ledgerFault;
    return items.map(({ executionId }) => rowOf(executionId));
  };
  return {
    calls,
    mostAtOnce: () => mostAtOnce,
    deps: {
      engine: {
        async start({ temporalWorkflowId }: StartRequest) {
          mostAtOnce = Math.max(mostAtOnce, ++underWay);
          await new Promise((next) => setTimeout(next));
          underWay -= 1;
          const result = resultOf(Number(temporalWorkflowId.split('-')[1]));
          if (result instanceof Error) throw result;
          return result;
        },
        cancel: async ({ temporalWorkflowId }: { temporalWorkflowId: string }) => {
          calls.push(`cancel ${temporalWorkflowId}`);
          return 'requested' as const;
        },
        terminate: async () => 'requested' as const,
      },
      ledger: {
        recordOpen: (items: RecordOpen[]) => keep('open', items),
        recordOutcomes: (items: RecordOutcome[]) => keep('outcomes', items),
        stopKind: async () => 'cancel' as const,
      },
      source: 'service' as const,
      atOnce: 4,
    },
  };
}

describe('several starts', () => {
  test('are a few at a time, and recorded in one call', async () => {
    const { deps, calls, mostAtOnce } = fakeServers({});
    const started = await startExecutions(
      Array.from({ length: 20 }, (_, n) => pending(n)),
      deps,
    );
    expect(started).toEqual(Array.from({ length: 20 }, () => ({ status: 'running', error: null })));
    expect(calls).toEqual(['open 20']);
    expect(mostAtOnce()).toBe(4);
  });

  test('answer in their order, also where one is refused and one finds nobody', async () => {
    const { deps, calls } = fakeServers({
      resultOf: (n) => [STARTED, REFUSED, AWAY, STARTED][n] as StartResult | Error,
      rowOf: (id) => recordAnswer({ status: id === 'execution-1' ? 'failed' : 'running' }),
    });
    expect(await startExecutions([0, 1, 2, 3].map(pending), deps)).toEqual([
      { status: 'running', error: null },
      { status: 'failed', error: null },
      { status: null, error: AWAY },
      { status: 'running', error: null },
    ]);
    expect(calls).toEqual(['open 2', 'outcomes 1']);
  });

  test('are followed by the cancel of the one that somebody cancelled before it ran', async () => {
    const asked = { cancelRequestedAt: '2026-11-21T09:00:00+00:00', cancelRequestedBy: 'ben', cancelReason: 'twice' };
    const { deps, calls } = fakeServers({ rowOf: (id) => recordAnswer(id === 'execution-1' ? asked : {}) });
    await startExecutions([0, 1, 2].map(pending), deps);
    expect(calls).toEqual(['open 3', 'cancel order-1']);
  });

  test('are left pending, each of them, where the ledger went away', async () => {
    const ledgerFault = new ExecutionError('ledger_unavailable', 'fetch failed');
    const { deps } = fakeServers({ ledgerFault });
    expect(await startExecutions([0, 1].map(pending), deps)).toEqual([
      { status: null, error: ledgerFault },
      { status: null, error: ledgerFault },
    ]);
  });

  test('wait once for a Temporal that is away, and go on in namespaces where it is not', async () => {
    const asked: number[] = [];
    const { deps } = fakeServers({
      resultOf(n) {
        asked.push(n);
        return n < 20 ? AWAY : STARTED;
      },
    });
    const all = Array.from({ length: 22 }, (_, n) => ({ ...pending(n), ...(n < 20 ? {} : { namespace: 'other' }) }));
    const started = await startExecutions(all, deps);
    expect(asked).toEqual([0, 1, 2, 3, 20, 21]);
    expect(started.slice(0, 20)).toEqual(Array(20).fill({ status: null, error: AWAY }));
    expect(started.slice(20)).toEqual(Array(2).fill({ status: 'running', error: null }));
  });

  test('of none ask nobody', async () => {
    const { deps, calls } = fakeServers({ resultOf: () => AWAY });
    expect(await startExecutions([], deps)).toEqual([]);
    await startExecutions([pending(0)], deps);
    expect(calls).toEqual([]);
  });
});
