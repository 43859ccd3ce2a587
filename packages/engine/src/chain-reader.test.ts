import type { EngineTarget } from '@runledger/contracts';
import { describe, expect, test } from 'vitest';
import { createChainReader } from './chain.ts';
import { readDescribedRun } from './described-run.ts';
import type { RunEnd } from './run-end.ts';
import type { RunHistory } from './run-history.ts';
import type { RunStart } from './run-start.ts';

const REF = { namespace: 'default', temporalWorkflowId: 'order-1', runId: null };
const TARGET: EngineTarget = { namespace: 'default', temporalWorkflowId: 'order-1', firstRunId: 'a' };
const OPEN = { status: 'running', closedAt: null, errorMessage: null } as const;

/** The nth second of a minute. */
const at = (second: number) => `2026-11-21T09:00:${String(second).padStart(2, '0')}.000000Z`;

interface HeldRun extends Partial<RunStart> {
  /** How it ended, its last event; `null`: that is gone, or it is open. */
  end?: Partial<RunEnd> | null;
  /** Temporal's status by describe. Default: closed. */
  status?: number;
  startedAt: string;
}

/** A Temporal that holds these runs, newest last. Notes what it was asked. */
function holding(runs: Record<string, HeldRun>) {
  const asked: string[] = [];
  const history: RunHistory = {
    async describe({ runId }) {
      asked.push(`describe ${runId}`);
      const run = runs[runId ?? ''];
      const seconds = (Date.parse(run?.startedAt ?? '') / 1_000) as never;
      const info = { execution: { runId }, firstRunId: run?.firstRunId ?? 'a', status: run?.status ?? 2 };
      return readDescribedRun({ workflowExecutionInfo: { ...info, startTime: { seconds }, closeTime: { seconds } } });
    },
    async start({ runId }) {
      asked.push(`start ${runId}`);
      const run = runs[runId];
      if (!run) return null;
      const { end: _, status: __, ...start } = run;
      return {
        runId,
        firstRunId: 'a',
        cause: 'continue_as_new',
        previousRunId: null,
        firstTaskAt: null,
        attempt: 1,
        ...start,
      };
    },
    async end({ runId }) {
      asked.push(`end ${runId}`);
      const end = runs[runId]?.end;
      if (end === null || end === undefined) return null;
      const none = { newRunId: null, result: null, failure: null, retryState: null, identity: null, reason: null };
      return { status: 'completed', closedAt: runs[runId]?.startedAt ?? null, ...none, ...end };
    },
    runIds: async () => Object.keys(runs).reverse(),
    readWhole: async () => {},
    input: async () => null,
    lastEvents: async () => [],
    cancelRequest: async () => null,
  };
  return { history, asked };
}

const newest = (runId: string, second: number, firstRunId = 'a') =>
  readDescribedRun({
    workflowExecutionInfo: {
      execution: { runId },
      firstRunId,
      startTime: { seconds: (Date.parse(at(second)) / 1_000) as never },
    },
  });

const continued = (newRunId: string) => ({ status: 'continued_as_new', newRunId }) as const;

describe('what the ledger knows already', () => {
  const runs = {
    a: { startedAt: at(1), cause: 'start', end: continued('b') },
    b: { startedAt: at(2), previousRunId: 'a', end: null },
  } as const;
  const known = { runId: 'b', cancel: false };

  test('is not read again where it is known by the first run', async () => {
    const { history, asked } = holding(runs);
    const chain = await createChainReader(history).read(REF, {
      newest: newest('b', 2),
      end: OPEN,
      target: { ...TARGET, known },
    });
    expect(chain.runs.map(({ runId, runNumber }) => [runId, runNumber])).toEqual([['b', 2]]);
    expect(asked).not.toContain('end a');
  });

  test('is read where it is known by a later run, whose chain before it nobody has read', async () => {
    const target = { ...TARGET, firstRunId: 'b', known };
    const chain = await createChainReader(holding(runs).history).read(REF, {
      newest: newest('b', 2),
      end: OPEN,
      target,
    });
    expect(chain.runs.map(({ runId }) => runId)).toEqual(['a', 'b']);
  });

  test('is read again where everything is asked for', async () => {
    const target = { ...TARGET, known, whole: true };
    const chain = await createChainReader(holding(runs).history).read(REF, {
      newest: newest('b', 2),
      end: OPEN,
      target,
    });
    expect(chain.runs.map(({ runId }) => runId)).toEqual(['a', 'b']);
  });
});

describe('runs that no link leads to', () => {
  const reset = { cause: 'reset', end: { status: 'terminated', identity: 'history-resetter' } } as const;
  const runs: Record<string, HeldRun> = {
    a: { startedAt: at(1), cause: 'start', end: { status: 'terminated', identity: 'history-resetter' } },
    b: { startedAt: at(2), previousRunId: 'a', ...reset },
    z: { startedAt: at(3), firstRunId: 'z', ...reset },
    c: { startedAt: at(4), previousRunId: 'a', ...reset, end: null },
    later: { startedAt: at(5), previousRunId: 'a', ...reset },
  };

  test('are found by the workflow id: of this chain only, and none that began after the run that was asked for', async () => {
    const { history, asked } = holding(runs);
    const chain = await createChainReader(history).read(REF, {
      newest: newest('c', 4),
      end: OPEN,
      target: TARGET,
    });
    expect(chain.runs.map(({ runId, cause, runNumber }) => [runId, cause, runNumber])).toEqual([
      ['a', 'start', 1],
      ['b', 'reset', 2],
      ['c', 'reset', 3],
    ]);
    expect(asked.filter((call) => call.endsWith(' z'))).toEqual(['start z']);
  });

  test('are none of them lost where runs began and closed in the same microsecond', async () => {
    const together = { ...runs, b: { startedAt: at(4), previousRunId: 'a', ...reset } };
    const chain = await createChainReader(holding(together).history).read(REF, {
      newest: { ...newest('c', 4), closedAt: at(4) },
      end: { ...OPEN, status: 'completed', closedAt: at(4) },
      target: TARGET,
    });
    expect(chain.runs.map(({ runId }) => runId)).toEqual(['a', 'b', 'c']);
  });
});

test('a passed run whose end is gone is unknown, and is looked at again; one whose end was read is not', async () => {
  const runs: Record<string, HeldRun> = {
    a: { startedAt: at(1), cause: 'start', end: null },
    b: { startedAt: at(2), previousRunId: 'a', end: continued('c') },
    c: { startedAt: at(3), previousRunId: 'b' },
  };
  const { history, asked } = holding(runs);
  const reader = createChainReader(history);
  const request = { newest: newest('c', 3), end: OPEN, target: TARGET };
  const first = await reader.read(REF, request);
  expect(first.runs.map(({ status }) => status)).toEqual(['completed', 'continued_as_new', 'running']);
  asked.length = 0;
  runs.a = { startedAt: at(1), cause: 'start', end: { status: 'failed', newRunId: 'b' } };
  const again = await reader.read(REF, request);
  expect(again.runs.map(({ status }) => status)).toEqual(['failed', 'continued_as_new', 'running']);
  expect(asked.filter((call) => call.startsWith('end'))).toEqual(['end a']);
});
