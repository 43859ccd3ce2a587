import type {
  Engine,
  EngineTarget,
  RecordAnswer,
  RecordOutcome,
  Resolution,
  UnsettledExecution,
} from '@runledger/contracts';
import { ExecutionError } from '@runledger/contracts';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { completedOutcome, openRun, unsettled } from '../fixtures/rows.ts';
import type { Finding, ReconcileOnceOptions } from './reconcile-once.ts';
import { compare, reconcileOnce } from './reconcile-once.ts';

const closed = (more: Parameters<typeof completedOutcome>[0] = {}): Resolution => ({
  kind: 'closed',
  outcome: completedOutcome(more),
});
const open = (more: Parameters<typeof openRun>[0] = {}): Resolution => ({ kind: 'open', open: openRun(more) });
const unknown: Resolution = { kind: 'not_found', reason: 'Temporal knows no such workflow' };
const reported = { status: 'completed', authority: 'reported', reportedAt: '2026-11-21T09:00:01+00:00' } as const;
const settled = { status: 'completed', authority: 'engine', closingRunId: 'run-1' } as const;

describe('compare', () => {
  test.each<[string, Partial<UnsettledExecution>, Resolution, string]>([
    ['runs, and is said to run', {}, open(), 'agrees'],
    ['runs, and has ended', {}, closed(), 'differs'],
    ['runs, in an earlier run of its chain', {}, open({ runId: 'run-2' }), 'differs'],
    ['runs, and Temporal has lost it', {}, unknown, 'unknown'],
    ['waits for its start', { status: 'pending', firstRunId: null, currentRunId: null }, unknown, 'not_started'],
    ['was reported to have ended, and has', { ...reported, reportedForMs: 60_000 }, closed(), 'unconfirmed'],
    [
      'was reported completed, and failed',
      { ...reported, reportedForMs: 60_000 },
      closed({ status: 'failed' }),
      'differs',
    ],
    ['was just reported to have ended, and runs', { ...reported, reportedForMs: 100 }, open(), 'young_report'],
    ['was reported to have ended long ago, and runs', { ...reported, reportedForMs: 60_000 }, open(), 'differs'],
    ['is settled, and Temporal says the same', settled, closed(), 'agrees'],
    ['is settled, and Temporal has forgotten it', settled, unknown, 'agrees'],
    ['is settled, was reset and has ended again', settled, closed({ runId: 'run-2' }), 'differs'],
    ['is settled, and was reset', settled, open({ runId: 'run-2' }), 'differs'],
  ])('an execution that %s', (_, row, resolution, kind) => {
    expect(compare(unsettled(row), resolution).kind).toBe(kind);
  });
});

/** Fakes of a ledger that records everything in `recorded`, and of an engine that answers by workflow id. */
function fakes(answers: Record<string, Resolution | Error>, rows: UnsettledExecution[], mostRows = 1_000) {
  const recorded: string[] = [];
  const answer: RecordAnswer = {
    executionId: null,
    result: 'applied',
    status: 'completed',
    authority: 'engine',
    revision: 2,
    cancelRequestedAt: null,
    cancelRequestedBy: null,
    cancelReason: null,
  };
  const findings: Finding[] = [];
  const resolve = async ({ temporalWorkflowId }: EngineTarget) => {
    const said = answers[temporalWorkflowId];
    if (said instanceof Error || !said) throw said;
    return said;
  };
  const options: ReconcileOnceOptions = {
    ledger: {
      unsettled: async (_namespace, limit, after) => {
        const from = after ? rows.findIndex(({ executionId }) => executionId === after.executionId) + 1 : 0;
        return rows.slice(from, from + Math.min(limit, mostRows));
      },
      recordOpen: async () => [answer],
      correctFirstRun: async (executionId) => ({ result: 'corrected', executionId }),
      stopKind: async () => 'cancel',
      recordOutcomes: async ([item]: RecordOutcome[]) => {
        recorded.push(item?.executionId ?? '');
        return [answer];
      },
    },
    engine: { resolve } as unknown as Engine,
    namespace: 'default',
    logger: pino({ level: 'silent' }),
    onFinding: (finding) => findings.push(finding),
  };
  return { options, recorded, findings };
}

const row = (n: number) => unsettled({ executionId: `execution-${n}`, temporalWorkflowId: `order-${n}` });

describe('reconcileOnce', () => {
  test('repairs what differs, and nothing else', async () => {
    const { options, recorded, findings } = fakes({ 'order-1': open(), 'order-2': closed() }, [row(1), row(2)]);
    await reconcileOnce(options);
    expect(recorded).toEqual(['execution-2']);
    expect(findings.map(({ row: { executionId }, repaired }) => [executionId, repaired]).sort()).toEqual([
      ['execution-1', false],
      ['execution-2', true],
    ]);
  });

  test('records nothing in a dry run', async () => {
    const { options, recorded, findings } = fakes({ 'order-1': closed() }, [row(1)]);
    await reconcileOnce({ ...options, dryRun: true });
    expect([recorded, findings[0]?.comparison?.kind, findings[0]?.repaired]).toEqual([[], 'differs', false]);
  });

  test('looks at every page once', async () => {
    const rows = Array.from({ length: 400 }, (_, n) => row(n));
    const { options, findings } = fakes(
      Object.fromEntries(rows.map(({ temporalWorkflowId }) => [temporalWorkflowId, open()])),
      rows,
    );
    await reconcileOnce(options);
    expect(new Set(findings.map(({ row: { executionId } }) => executionId)).size).toBe(400);
    expect(findings).toHaveLength(400);
  });

  test('goes on after a page that an API cut short', async () => {
    const rows = Array.from({ length: 30 }, (_, n) => row(n));
    const said = Object.fromEntries(rows.map(({ temporalWorkflowId }) => [temporalWorkflowId, open()]));
    const { options, findings } = fakes(said, rows, 7);
    await reconcileOnce(options);
    expect(findings).toHaveLength(30);
  });

  test('says of one that cannot be read why, and goes on with the others', async () => {
    const refused = new ExecutionError('engine_refused', 'Invalid RunId.');
    const { options, recorded, findings } = fakes({ 'order-1': refused, 'order-2': closed() }, [row(1), row(2)]);
    await reconcileOnce(options);
    expect(recorded).toEqual(['execution-2']);
    expect(findings.find(({ error }) => error !== null)).toMatchObject({ comparison: null, error: 'Invalid RunId.' });
  });

  test('ends with the outage of Temporal or of the ledger, and calls nothing a divergence for it', async () => {
    const away = new ExecutionError('engine_unavailable', 'Temporal is away');
    const { options, findings } = fakes({ 'order-1': away }, [row(1)]);
    await expect(reconcileOnce(options)).rejects.toBe(away);
    expect(findings).toEqual([]);
    const down = new ExecutionError('ledger_unavailable', 'the ledger is away');
    const writing = fakes({ 'order-1': closed() }, [row(1)]);
    writing.options.ledger.recordOutcomes = () => Promise.reject(down);
    await expect(reconcileOnce(writing.options)).rejects.toBe(down);
  });
});
