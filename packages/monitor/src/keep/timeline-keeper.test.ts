import type { PendingTimeline, ReadTimeline, SaveTimeline } from '@runledger/contracts';
import { ExecutionError } from '@runledger/contracts';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { until } from '../fixtures/until.ts';
import { createTimelineKeeper } from './timeline-keeper.ts';

const READ: ReadTimeline = { state: 'complete', steps: [], omitted: {}, activitiesExecuted: 0 };
const pending = (n: number): PendingTimeline => ({
  executionId: `e${n}`,
  namespace: 'default',
  temporalWorkflowId: `w${n}`,
  runIds: ['run-1'],
  closingRunId: 'run-1',
});

/** A queue in memory, and an engine that reads what `read` says. */
async function keep(count: number, read: (workflowId: string) => Promise<ReadTimeline>, maxRows = 1_000) {
  const queue = new Map(Array.from({ length: count }, (_, n) => [`e${n}`, pending(n)]));
  const saved: SaveTimeline[] = [];
  const calls = { save: 0, reading: 0, most: 0 };
  const stop = new AbortController();
  const keeper = createTimelineKeeper({
    namespace: 'default',
    logger: pino({ level: 'silent' }),
    engine: {
      async readTimeline({ temporalWorkflowId: workflowId }) {
        calls.reading += 1;
        calls.most = Math.max(calls.most, calls.reading);
        await new Promise(setImmediate);
        try {
          return await read(workflowId);
        } finally {
          calls.reading -= 1;
        }
      },
    },
    ledger: {
      pendingTimelines: async (_, limit) => [...queue.values()].slice(0, Math.min(limit, maxRows)),
      async saveTimelines(items) {
        calls.save += 1;
        saved.push(...items);
        for (const { pending: done } of items) queue.delete(done.executionId);
        return items.length;
      },
    },
  });
  const running = keeper.run(stop.signal);
  return {
    saved,
    calls,
    queue,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
    },
  };
}

describe('timelines', () => {
  test.each([
    { waiting: 4, most: 2, save: 1 },
    { waiting: 60, most: 10, save: 1 },
    { waiting: 1_000, most: 32, save: 10 },
  ])('$waiting that wait are read $most at once, and written in $save calls', async ({ waiting, most, save }) => {
    await using kept = await keep(waiting, async () => READ);
    await until(() => kept.queue.size, 0);
    expect(kept.saved).toHaveLength(waiting);
    expect(kept.calls).toMatchObject({ save, most });
  });

  test('are all read although an answer is cut on the way', async () => {
    await using kept = await keep(450, async () => READ, 100);
    await until(() => kept.queue.size, 0);
    expect(kept.saved).toHaveLength(450);
  });

  test('hold no more in memory than one call has and what is being read', async () => {
    const steps = [{ name: 'x'.repeat(500_000) }] as unknown as ReadTimeline['steps'];
    let held = 0;
    let most = 0;
    await using kept = await keep(200, async () => {
      held += 1;
      most = Math.max(most, held - kept.saved.length);
      return { ...READ, steps };
    });
    await until(() => kept.queue.size, 0);
    expect(most).toBeLessThanOrEqual(2 * 32 + 4);
  });

  test('that cannot be condensed are put off, and hold up no other', async () => {
    await using kept = await keep(3, async (workflowId) => {
      if (workflowId === 'w1') throw new TypeError('an event nobody has heard of');
      return READ;
    });
    await until(() => kept.saved.length, 3);
    expect(kept.saved.filter((item) => 'retryInMs' in item).map((item) => item.pending.executionId)).toEqual(['e1']);
  });

  test('that are large go in several calls', async () => {
    const steps = [{ name: 'x'.repeat(900_000) }] as unknown as ReadTimeline['steps'];
    await using kept = await keep(4, async () => ({ ...READ, steps }));
    await until(() => kept.queue.size, 0);
    expect(kept.calls.save).toBe(2);
  });

  test('wait while Temporal is away, and what was read is kept', async () => {
    let away = true;
    await using kept = await keep(2, async (workflowId) => {
      if (away && workflowId === 'w1') throw new ExecutionError('engine_unavailable', 'connection refused');
      return READ;
    });
    await until(() => kept.saved.length, 1);
    expect([...kept.queue.keys()]).toEqual(['e1']);
    away = false;
    await until(() => kept.queue.size, 0);
  });
});
