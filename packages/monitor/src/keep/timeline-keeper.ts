import type { Engine, PendingTimeline, SaveTimeline, TimelineLedger } from '@runledger/contracts';
import type { Logger } from 'pino';
import { inParallel } from '../pacing/in-parallel.ts';
import { isAway, runLoop } from '../pacing/loop.ts';

/** Most histories taken from the queue at once. */
const PAGE = 500;
/** Fewer than any limit of rows lets through: there are no more. */
const FEW = 20;
/** Histories read at once: few while few wait, so that they come after what is more urgent. */
const LANES = { least: 2, most: 32 };
const LOOK_MS = 2_000;
/** Without a hint of ours: another monitor may have recorded an end and died. */
const IDLE_LOOK_MS = 30_000;
const RETRY_MS = 60_000;
/** Most timelines in one call: they are saved while others are read. */
const CALL_ITEMS = 100;
/** Most bytes of JSON in one call, unless one timeline alone has more. */
const CALL_BYTES = 2_000_000;

export interface TimelineKeeperOptions {
  ledger: TimelineLedger;
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

  /** Collects timelines for few calls that are no larger than allowed; what a call is full of is saved before more is read. */
  function createBatch() {
    let batch: SaveTimeline[] = [];
    let bytes = 0;
    function take(): SaveTimeline[] {
      const taken = batch;
      batch = [];
      bytes = 0;
      return taken;
    }
    return {
      async add(item: SaveTimeline): Promise<void> {
        const size = JSON.stringify(item).length;
        const full = batch.length >= CALL_ITEMS || (batch.length > 0 && bytes + size > CALL_BYTES) ? take() : [];
        batch.push(item);
        bytes += size;
        await saveBatch(full);
      },
      save: () => saveBatch(take()),
    };
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

  /** Answers whether there may be more; what comes again at once can wait for the next turn. */
  async function keepSome(seen: Set<string>): Promise<boolean> {
    const pending = await ledger.pendingTimelines(namespace, PAGE);
    const batch = createBatch();
    try {
      await inParallel(pending, lanesFor(pending.length), async (item) => batch.add(await read(item)));
    } finally {
      await batch.save();
    }
    const before = seen.size;
    for (const { executionId, closingRunId } of pending) seen.add(`${executionId} ${closingRunId}`);
    // Shorter than the page does not mean the last: an answer may have been cut on the way.
    return pending.length >= FEW && seen.size > before;
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
            const seen = new Set<string>();
            while (!signal.aborted && (await keepSome(seen)));
          } catch (error) {
            isAwake = true;
            throw error;
          }
        },
      }),
  };
}

/** Pure: how many histories are read at once while `waiting` wait. */
function lanesFor(waiting: number): number {
  return Math.min(LANES.most, Math.max(LANES.least, Math.ceil(waiting / 6)));
}
