import type { UnsettledExecution } from '@runledger/contracts';
import { ExecutionError } from '@runledger/contracts';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { openRun, unsettled } from '../../fixtures/rows.ts';
import { until } from '../../fixtures/until.ts';
import { LIVE } from '../../health/diagnosis.ts';
import type { Settled } from '../../settle/settle.ts';
import type { Tracked } from '../../unsettled/tracked.ts';
import { createWatcher, needsFreshStart } from './watcher.ts';

const row = (n: number, more: Partial<UnsettledExecution> = {}) =>
  unsettled({ executionId: `e${n}`, temporalWorkflowId: `w${n}`, startedAt: `2026-11-21T09:00:0${n}+00:00`, ...more });
const tracked = (...rows: UnsettledExecution[]): Map<string, Tracked> =>
  new Map(rows.map((item) => [item.executionId, { row: item, readAt: 0 }]));

describe('a watch begins anew', () => {
  const report = { reportedAt: '2026-11-21T09:01:00+00:00', reportedForMs: 0 };
  test.each<[string, Partial<UnsettledExecution>, Partial<UnsettledExecution>, boolean]>([
    ['when the run becomes known', { firstRunId: null }, { revision: 2 }, true],
    ['when a report comes in', {}, { ...report, revision: 2 }, true],
    ['when a report is taken back', report, { revision: 2 }, true],
    ['when a report was contradicted meanwhile', report, { ...report, revision: 2 }, true],
    ['but not for another run of the chain', {}, { currentRunId: 'run-2', revision: 2 }, false],
    ['nor for anything else', {}, { cancelRequestedAt: '2026-11-21T09:00:00+00:00', revision: 2 }, false],
  ])('%s', (_, before, now, expected) => {
    expect(needsFreshStart(row(1, before), row(1, now))).toBe(expected);
  });
});

/** A watch that waits until it is aborted, unless `closes` says otherwise; and what was to be settled. */
function fakeWatcher(cap: number, results: Record<string, Settled[]> = {}) {
  const watching: string[] = [];
  const settledIds: string[] = [];
  const closed = new Set<string>();
  const isUnknown = new Set<string>();
  const server = { admits: Number.POSITIVE_INFINITY };
  const refuses = () => watching.length >= server.admits;
  const watcher = createWatcher({
    cap,
    policy: 'youngest',
    absenceMs: 1,
    logger: pino({ level: 'silent' }),
    watch: ({ temporalWorkflowId: workflowId, runId }, { signal }) =>
      new Promise((resolve, reject) => {
        const name = `${workflowId} ${runId}`;
        if (closed.delete(workflowId)) return resolve('closed');
        if (refuses())
          return reject(new ExecutionError('engine_throttled', 'namespace concurrent poller limit exceeded'));
        if (isUnknown.has(workflowId)) return reject(new ExecutionError('not_found', workflowId));
        watching.push(name);
        signal.addEventListener('abort', () => {
          watching.splice(watching.indexOf(name), 1);
          reject(signal.reason);
        });
      }),
    async settle({ executionId }) {
      settledIds.push(executionId);
      return results[executionId]?.shift() ?? { kind: 'ended', applied: true, outcome: null, revision: 2, brought: [] };
    },
  });
  return { watcher, watching, settledIds, closed, isUnknown, server };
}

describe('the watcher', () => {
  test('gives way to younger executions, and cancels the poll of the older', async () => {
    const { watcher, watching } = fakeWatcher(2);
    watcher.changed(tracked(row(1), row(2)));
    expect(watching).toEqual(['w1 run-1', 'w2 run-1']);
    expect(watcher.leavesSome).toBe(false);
    watcher.changed(tracked(row(1), row(2), row(3)));
    await until(() => watching.toSorted(), ['w2 run-1', 'w3 run-1']);
    expect(watcher.leavesSome).toBe(true);
    await watcher.stop();
    expect(watching).toEqual([]);
  });

  test('follows a chain to its next run, and settles an end', async () => {
    const next: Settled = {
      kind: 'open',
      applied: true,
      open: openRun({ runId: 'run-2' }),
      brought: [],
      diagnosis: LIVE,
    };
    const { watcher, watching, settledIds, closed } = fakeWatcher(2, { e1: [next] });
    closed.add('w1');
    watcher.changed(tracked(row(1)));
    await until(() => [...watching], ['w1 run-2']);
    expect(settledIds).toEqual(['e1']);
    await watcher.stop();
  });

  test('looks at a reported execution at once, without waiting for its run to close', async () => {
    const { watcher, settledIds } = fakeWatcher(2);
    watcher.changed(tracked(row(1, { status: 'failed', reportedAt: '2026-11-21T09:01:00+00:00', reportedForMs: 1 })));
    await until(() => settledIds.length, 1);
    await until(() => watcher.size, 0);
    await watcher.stop();
  });

  test('looks again when the grace of a report is over', async () => {
    const waiting: Settled = {
      kind: 'waiting',
      open: openRun(),
      forMs: 30,
      diagnosis: LIVE,
    };
    const { watcher, settledIds } = fakeWatcher(2, { e1: [waiting] });
    watcher.changed(tracked(row(1, { status: 'failed', reportedAt: '2026-11-21T09:01:00+00:00', reportedForMs: 1 })));
    await until(() => settledIds.length, 2);
    await watcher.stop();
  });

  test('leaves to the reconciler what Temporal does not know, until that changes', async () => {
    const unknown: Settled = {
      kind: 'unknown',
      diagnosis: { health: 'lost', reason: 'unknown to Temporal', remedy: null },
    };
    const { watcher, watching, settledIds, isUnknown } = fakeWatcher(1, { e2: Array(8).fill(unknown) });
    isUnknown.add('w2');
    const both = tracked(row(1), row(2));
    watcher.changed(both);
    await until(() => settledIds.length, 8);
    await until(() => [...watching], ['w1 run-1']);
    watcher.changed(both);
    expect(watching).toEqual(['w1 run-1']);
    isUnknown.delete('w2');
    watcher.settled('e2', { kind: 'open', applied: true, open: openRun(), diagnosis: LIVE, brought: [] });
    watcher.changed(both);
    await until(() => [...watching], ['w2 run-1']);
    await watcher.stop();
  });

  test('watches nothing after it was stopped', async () => {
    const { watcher, watching } = fakeWatcher(2);
    await watcher.stop();
    watcher.changed(tracked(row(1)));
    expect(watching).toEqual([]);
  });

  test('has no more polls than Temporal admits, and says that some are unwatched', async () => {
    const { watcher, watching, server } = fakeWatcher(10);
    server.admits = 2;
    const all = tracked(row(1), row(2), row(3), row(4));
    watcher.changed(all);
    await until(() => watcher.limit, 2);
    await until(() => watcher.size, 2);
    expect([watching.length, watcher.leavesSome]).toEqual([2, true]);
    watcher.changed(all);
    expect([watcher.size, watching.length]).toEqual([2, 2]);
    await watcher.stop();
  });
});
