import type { FeedLedger, FeedState, UnsettledExecution, Visibility, VisibleRun } from '@runledger/contracts';
import type { Logger } from 'pino';
import { inParallel } from '../../pacing/in-parallel.ts';
import { isAway, isThrottled, runLoop } from '../../pacing/loop.ts';
import type { Settle } from '../../settle/settle.ts';
import type { Adopter } from '../../start/adopter.ts';
import type { Telemetry } from '../../telemetry/telemetry.ts';
import { current } from '../../unsettled/tracked.ts';
import type { Tracker } from '../../unsettled/tracker.ts';
import type { Hint } from '../hint.ts';
import { createFeedPace } from './feed-pace.ts';
import { earlier, later, readWindow } from './feed-window.ts';
import { createRunMemory } from './run-memory.ts';

/** Where the ledger keeps the feed's watermark. */
const WATERMARK = 'start';
const EVERY_MS = 2_000;
const PAGE = 250;
/** Visibility shows starts late and out of order; what is known already costs nothing. */
const OVERLAP_MS = 10_000;
/** Without a watermark it begins so long ago by this machine's clock; `runledger adopt` goes further back. */
const FIRST_LOOK_BACK_MS = 600_000;
const CONCURRENCY = 10;

export interface StartFeedOptions {
  ledger: FeedLedger;
  visibility: Visibility;
  settle: Settle;
  tracker: Pick<Tracker, 'withWorkflowId'>;
  adopter: Adopter;
  namespace: string;
  logger: Logger;
  telemetry: Telemetry;
}

export interface StartFeed extends Pick<Hint, 'run'> {
  readonly state: FeedState;
}

/**
 * Reads from visibility which runs started since the watermark. A run that the ledger does not know is the next one of a
 * known chain (continue-as-new, retry, cron), a reset of one, or something that was started elsewhere, which the
 * adoption rules decide about.
 */
export function createStartFeed(options: StartFeedOptions): StartFeed {
  const { ledger, visibility, settle, tracker, adopter, namespace, logger, telemetry } = options;
  const pace = createFeedPace({ feed: 'start', logger, telemetry });
  const memory = createRunMemory();
  let watermark: string | null = null;
  let isLoaded = false;
  let everyMs = EVERY_MS;
  let readAt: string | null = null;

  /** Looks at the chain that a run may belong to. Answers whether it does. */
  async function follow(run: VisibleRun, row: UnsettledExecution): Promise<boolean> {
    try {
      const result = await settle(row, 'feed');
      if (result.kind === 'open' || result.kind === 'waiting') return true;
      // Settled before and unchanged: its workflow id was used again.
      return result.kind === 'ended' && (result.applied || row.authority !== 'engine');
    } catch (error) {
      if (isAway(error)) throw error;
      logger.error({ executionId: row.executionId, runId: run.runId, err: error }, 'a new run could not be followed');
      return true;
    }
  }

  /** A reset of an execution whose workflow id was used again since: only the run itself says whose chain it is. */
  async function followEarlier(run: VisibleRun): Promise<boolean> {
    const { temporalWorkflowId, runId } = run;
    const firstRunId = await visibility.firstRunIdOf({ namespace, temporalWorkflowId, runId });
    if (firstRunId === null || firstRunId === runId) return false;
    const [found] = await ledger.findRuns(namespace, [{ temporalWorkflowId, runId: firstRunId }]);
    return found?.isKnown && found.execution ? follow(run, found.execution) : false;
  }

  async function take(runs: VisibleRun[]): Promise<void> {
    const fresh = runs.filter((run) => {
      if (memory.has(run.runId)) return false;
      const known = tracker.withWorkflowId(run.temporalWorkflowId).map(current);
      return !known.some(({ firstRunId, currentRunId }) => run.runId === firstRunId || run.runId === currentRunId);
    });
    const found = await ledger.findRuns(namespace, fresh);
    const strangers: VisibleRun[] = [];
    const numbered = fresh.map((run, index) => ({ run, found: found[index] }));
    await inParallel(numbered, CONCURRENCY, async ({ run, found: one }) => {
      if (one?.isKnown) return;
      const belongs = one?.execution ? (await follow(run, one.execution)) || (await followEarlier(run)) : false;
      if (!belongs) strangers.push(run);
    });
    for (const { result } of await adopter.consider(strangers)) telemetry.adopted(result);
    for (const run of fresh) memory.add(run.runId);
  }

  async function turn(signal: AbortSignal): Promise<number> {
    if (!isLoaded) {
      watermark = await ledger.watermark(namespace, WATERMARK);
      isLoaded = true;
    }
    const from = watermark ? earlier(watermark, OVERLAP_MS) : earlier(new Date().toISOString(), FIRST_LOOK_BACK_MS);
    let newest = watermark;
    const window = { by: 'start', from, to: null } as const;
    for await (const runs of readWindow({ visibility, namespace, window, pageSize: PAGE, signal })) {
      await take(runs);
      for (const run of runs) newest = later(newest, run.startedAt);
    }
    if (newest !== null && newest !== watermark && !signal.aborted) {
      await ledger.saveWatermark(namespace, WATERMARK, newest);
      watermark = newest;
    }
    if (!signal.aborted) readAt = new Date().toISOString();
    return EVERY_MS;
  }

  async function paced(signal: AbortSignal): Promise<number> {
    try {
      everyMs = pace.after(await telemetry.traced('feed turn', { feed: 'start' }, () => turn(signal)));
    } catch (error) {
      if (!isThrottled(error)) throw error;
      everyMs = pace.afterRefusal(EVERY_MS);
    }
    return everyMs;
  }

  return {
    get state() {
      return { everyMs, readAt, throttledSince: pace.throttledSince, watermark };
    },
    run: (signal) => runLoop({ name: 'start feed', everyMs: EVERY_MS, signal, logger, turn: () => paced(signal) }),
  };
}
