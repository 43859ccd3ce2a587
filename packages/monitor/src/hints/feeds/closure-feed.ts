import type { FeedLedger, FeedState, UnsettledExecution, Visibility, VisibleRun } from '@runledger/contracts';
import { pause } from '@runledger/contracts';
import { LRUCache } from 'lru-cache';
import type { Logger } from 'pino';
import { inParallel } from '../../pacing/in-parallel.ts';
import { isAway, isThrottled, runLoop } from '../../pacing/loop.ts';
import type { Settle, Settled } from '../../settle/settle.ts';
import type { Telemetry } from '../../telemetry/telemetry.ts';
import { current } from '../../unsettled/tracked.ts';
import type { Tracker } from '../../unsettled/tracker.ts';
import type { Hint } from '../hint.ts';
import { createFeedPace } from './feed-pace.ts';
import { earlier, later, readWindow } from './feed-window.ts';
import { createRunMemory } from './run-memory.ts';

/** Where the ledger keeps the feed's watermark. */
const WATERMARK = 'closure';
const FAST_MS = 250;
const SLOW_MS = 2_000;
/** Runs a page; a page of 1,000 costs the server 100 ms and its budget. */
const PAGE = 250;
/** Read again with every turn: closures may show up in another order than they happened. */
const OVERLAP_MS = 2_000;
/** Shortest overlap, where the usual one alone fills a page. */
const SHORT_OVERLAP_MS = 250;
const DEEP_EVERY_MS = 60_000;
/** Visibility on Elasticsearch or Cloud may be many seconds late. */
const DEEP_OVERLAP_MS = 120_000;
const DEEP_PAGE = 100;
const DEEP_PAUSE_MS = 250;
/** Without a watermark it begins so long ago by this machine's clock; what closed earlier, the reconciler finds. */
const FIRST_LOOK_BACK_MS = 600_000;
const WATERMARK_EVERY_MS = 2_000;
/** Executions looked at once. */
const CONCURRENCY = 20;
/** Closures remembered that concern no execution yet: somebody may start a run first and record it later. */
const UNCLAIMED = 20_000;

export interface ClosureFeedOptions {
  ledger: FeedLedger;
  visibility: Visibility;
  settle: Settle;
  tracker: Pick<Tracker, 'withWorkflowId'>;
  namespace: string;
  logger: Logger;
  telemetry: Telemetry;
  /** Whether an unsettled execution is unwatched: the feed then reads every 250 ms, else every 2 s. */
  isNeeded(): boolean;
}

export interface ClosureFeed extends Required<Pick<Hint, 'run' | 'appeared' | 'settled'>> {
  readonly state: FeedState;
}

/**
 * Reads from visibility what closed since the watermark, less an overlap, and settles the executions it concerns. The
 * watermark is a close time of the server's, and moves on only when everything up to it is committed.
 */
export function createClosureFeed(options: ClosureFeedOptions): ClosureFeed {
  const { ledger, visibility, tracker, namespace, logger, telemetry, isNeeded } = options;
  const pace = createFeedPace({ feed: 'closure', logger, telemetry });
  /** Runs that were recorded, by whatever hint. */
  const memory = createRunMemory();
  const unclaimed = new LRUCache<string, VisibleRun>({ max: UNCLAIMED });
  let claimed: { run: VisibleRun; row: UnsettledExecution }[] = [];
  let watermark: string | null = null;
  let isLoaded = false;
  let saved: { value: string | null; at: number } = { value: null, at: Number.NEGATIVE_INFINITY };
  let overlapMs = OVERLAP_MS;
  let everyMs = FAST_MS;
  let readAt: string | null = null;

  const startOfTime = () => earlier(new Date().toISOString(), FIRST_LOOK_BACK_MS);

  async function settle(run: VisibleRun, row: UnsettledExecution): Promise<void> {
    try {
      let result = await options.settle(row, 'feed');
      // It joined another hint's look that began before the close.
      if (isStillOpen(result, run)) result = await options.settle(row, 'feed');
      // A report's grace, or a server that does not know what it has just listed: again.
      if (result.kind === 'ended' || (result.kind === 'open' && !isStillOpen(result, run))) memory.add(run.runId);
    } catch (error) {
      if (isAway(error)) throw error;
      logger.error({ executionId: row.executionId, err: error }, 'a closed execution could not be recorded');
      // One row that nobody can record must not hold up all others; the reconciler names it.
      memory.add(run.runId);
    }
  }

  /** Settles what a page concerns; everything of it is committed, or known not to be ours, when it resolves. */
  async function take(runs: VisibleRun[]): Promise<void> {
    const fresh = runs.filter((run) => !memory.has(run.runId));
    if (fresh.length === 0) return;
    const todo: { run: VisibleRun; row: UnsettledExecution }[] = [];
    const unknown: VisibleRun[] = [];
    for (const run of fresh) {
      const tracked = tracker.withWorkflowId(run.temporalWorkflowId);
      for (const item of tracked) todo.push({ run, row: current(item) });
      if (tracked.length === 0) unknown.push(run);
    }
    const found = await ledger.findRuns(namespace, unknown);
    found.forEach(({ execution, isRecorded }, index) => {
      const run = unknown[index] as VisibleRun;
      if (execution !== null && !isRecorded) todo.push({ run, row: execution });
      else memory.add(run.runId);
      if (execution === null) unclaimed.set(run.temporalWorkflowId, run);
    });
    // Those that appeared while the ledger was asked.
    for (const run of unknown) for (const item of tracker.withWorkflowId(run.temporalWorkflowId)) claim(current(item));
    await inParallel(todo, CONCURRENCY, ({ run, row }) => settle(run, row));
  }

  /** If its run has gone by already as nobody's, the next turn settles it. */
  function claim(row: UnsettledExecution): void {
    const run = unclaimed.get(row.temporalWorkflowId);
    if (!run) return;
    unclaimed.delete(row.temporalWorkflowId);
    claimed.push({ run, row });
  }

  async function settleClaimed(): Promise<void> {
    const todo = claimed;
    claimed = [];
    try {
      await inParallel(todo, CONCURRENCY, ({ run, row }) => settle(run, row));
    } catch (error) {
      claimed.push(...todo);
      throw error;
    }
  }

  async function readFrom(from: string, signal: AbortSignal): Promise<{ newest: string | null; runs: number }> {
    let newest: string | null = null;
    let count = 0;
    const window = { by: 'close', from, to: null } as const;
    for await (const runs of readWindow({ visibility, namespace, window, pageSize: PAGE, signal })) {
      await take(runs);
      for (const run of runs) newest = later(newest, run.closedAt);
      count += runs.length;
    }
    return { newest, runs: count };
  }

  async function turn(signal: AbortSignal): Promise<number> {
    if (!isLoaded) {
      watermark = await ledger.watermark(namespace, WATERMARK);
      saved = { value: watermark, at: saved.at };
      isLoaded = true;
    }
    await settleClaimed();
    const from = watermark ? earlier(watermark, overlapMs) : startOfTime();
    const { newest, runs } = await readFrom(from, signal);
    if (signal.aborted) return 0;
    readAt = new Date().toISOString();
    watermark = later(watermark, newest);
    overlapMs = runs >= PAGE ? SHORT_OVERLAP_MS : OVERLAP_MS;
    await saveWatermark();
    return isNeeded() ? FAST_MS : SLOW_MS;
  }

  async function saveWatermark(): Promise<void> {
    if (watermark === null || watermark === saved.value) return;
    if (performance.now() - saved.at < WATERMARK_EVERY_MS) return;
    await ledger.saveWatermark(namespace, WATERMARK, watermark);
    saved = { value: watermark, at: performance.now() };
  }

  /** Looks further back, in small pages with pauses: for closures that visibility showed late. */
  async function deepTurn(signal: AbortSignal): Promise<void> {
    const from = watermark;
    if (from === null) return;
    const window = { by: 'close', from: earlier(from, DEEP_OVERLAP_MS), to: earlier(from, overlapMs) } as const;
    for await (const runs of readWindow({ visibility, namespace, window, pageSize: DEEP_PAGE, signal })) {
      await take(runs);
      await pause(DEEP_PAUSE_MS, signal);
    }
  }

  /** A turn that Temporal throttles is not a fault: the feed slows down. */
  async function paced(wantedMs: number, work: () => Promise<number>): Promise<number> {
    try {
      everyMs = pace.after(await telemetry.traced('feed turn', { feed: 'closure' }, work));
    } catch (error) {
      if (!isThrottled(error)) throw error;
      everyMs = pace.afterRefusal(wantedMs);
    }
    return everyMs;
  }

  return {
    get state() {
      return { everyMs, readAt, throttledSince: pace.throttledSince, watermark };
    },
    appeared: claim,
    settled(_, result) {
      const runs = result.kind === 'ended' ? result.outcome?.runs : result.kind === 'open' ? result.open.runs : [];
      for (const run of runs ?? []) if (run.status !== 'running') memory.add(run.runId);
    },
    async run(signal) {
      await Promise.all([
        runLoop({
          name: 'closure feed',
          everyMs: FAST_MS,
          signal,
          logger,
          turn: () => paced(isNeeded() ? FAST_MS : SLOW_MS, () => turn(signal)),
        }),
        runLoop({
          name: 'closure feed, further back',
          everyMs: DEEP_EVERY_MS,
          signal,
          logger,
          turn: () => deepTurn(signal),
        }),
      ]);
    },
  };
}

/** Says that a run is open which visibility has listed as closed. */
function isStillOpen(result: Settled, run: VisibleRun): boolean {
  return result.kind === 'open' && result.open.runId === run.runId;
}
