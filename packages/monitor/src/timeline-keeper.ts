import type { Engine, Ledger, PendingTimeline, SaveTimeline } from '@runledger/contracts';
import type { Logger } from 'pino';
import { inParallel } from './in-parallel.ts';
import { isAway, runLoop } from './loop.ts';

/** Timelines read before they are written, in one call. */
const PAGE = 20;
/** Histories read at once. */
const CONCURRENCY = 2;
const LOOK_MS = 2_000;
/** Without a hint of ours: another monitor may have recorded an end and died. */
const IDLE_LOOK_MS = 30_000;
const RETRY_MS = 60_000;
/** Most bytes of JSON in one call, unless one timeline alone has more. */
const CALL_BYTES = 2_000_000;

export interface TimelineKeeperOptions {
  ledger: Pick<Ledger, 'pendingTimelines' | 'saveTimelines'>;
  engine: Pick<Engine, 'readTimeline'>;
  namespace: string;
  logger: Logger;
}

export interface TimelineKeeper {
  /** An end was recorded: there is something to do. */
  wake(): void;
  run(signal: AbortSignal): Promise<void>;
}

/**
 * Condenses the histories of ended executions into timelines, after their ends are committed and never in front of them.
 * The queue is in the ledger, so nothing is forgotten by a crash.
 */
export function createTimelineKeeper({ ledger, engine, namespace, logger }: TimelineKeeperOptions): TimelineKeeper {
  let isAwake = true;
  let lookedAt = Number.NEGATIVE_INFINITY;

  async function read(pending: PendingTimeline): Promise<SaveTimeline> {
    try {
      return { pending, timeline: await engine.readTimeline(pending) };
    } catch (error) {
      if (isAway(error)) throw error;
      logger.error({ executionId: pending.executionId, err: error }, 'a history could not be condensed');
      return { pending, retryInMs: RETRY_MS };
    }
  }

  async function save(items: SaveTimeline[]): Promise<void> {
    let batch: SaveTimeline[] = [];
    let bytes = 0;
    for (const item of items) {
      const size = JSON.stringify(item).length;
      if (batch.length > 0 && bytes + size > CALL_BYTES) {
        await saveBatch(batch);
        batch = [];
        bytes = 0;
      }
      batch.push(item);
      bytes += size;
    }
    await saveBatch(batch);
  }

  async function saveBatch(batch: SaveTimeline[]): Promise<void> {
    if (batch.length === 0) return;
    try {
      await ledger.saveTimelines(batch);
    } catch (error) {
      if (isAway(error)) throw error;
      if (batch.length > 1) {
        for (const item of batch) await saveBatch([item]);
        return;
      }
      const [{ pending }] = batch as [SaveTimeline];
      logger.error({ executionId: pending.executionId, err: error }, 'the ledger refused a timeline');
      await ledger.saveTimelines([{ pending, retryInMs: 10 * RETRY_MS }]);
    }
  }

  /** Answers whether there may be more. */
  async function keepSome(): Promise<boolean> {
    const pending = await ledger.pendingTimelines(namespace, PAGE);
    const done: SaveTimeline[] = [];
    try {
      await inParallel(pending, CONCURRENCY, async (item) => {
        done.push(await read(item));
      });
    } finally {
      await save(done);
    }
    return pending.length === PAGE;
  }

  return {
    wake() {
      isAwake = true;
    },
    run: (signal) =>
      runLoop({
        name: 'timelines',
        everyMs: LOOK_MS,
        signal,
        logger,
        async turn() {
          if (!isAwake && performance.now() - lookedAt < IDLE_LOOK_MS) return;
          isAwake = false;
          lookedAt = performance.now();
          try {
            while (!signal.aborted && (await keepSome()));
          } catch (error) {
            isAwake = true;
            throw error;
          }
        },
      }),
  };
}
