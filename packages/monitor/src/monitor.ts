import { hostname } from 'node:os';
import type { AdoptionRule, Engine, Ledger, Proof, Visibility } from '@runledger/contracts';
import type { WatchRun } from '@runledger/engine';
import type { Logger } from 'pino';
import { createUsualDurations } from './health/usual-durations.ts';
import { createClosureFeed } from './hints/feeds/closure-feed.ts';
import { createRunMemory } from './hints/feeds/run-memory.ts';
import { createStartFeed } from './hints/feeds/start-feed.ts';
import type { WatchPolicy } from './hints/watch/watch-policy.ts';
import { createWatcher } from './hints/watch/watcher.ts';
import { createFolder } from './keep/folder.ts';
import { createHostKeeper } from './keep/host-keeper.ts';
import { createProofPublisher } from './keep/proof-publisher.ts';
import { createRetentionKnowledge } from './keep/retention-knowledge.ts';
import { createTimelineKeeper } from './keep/timeline-keeper.ts';
import { pause } from './pacing/pause.ts';
import { createPassBook } from './reconcile/reconcile-guard.ts';
import { createReconciler } from './reconcile/reconciler.ts';
import { createRecorder } from './settle/recorder.ts';
import type { Settled } from './settle/settler.ts';
import { createSettler } from './settle/settler.ts';
import { createAdopter } from './start/adopter.ts';
import { createStarter } from './start/starter.ts';
import type { Telemetry } from './telemetry/telemetry.ts';
import { createTelemetry } from './telemetry/telemetry.ts';
import { createTracker } from './unsettled/tracker.ts';

export interface MonitorDeps {
  ledger: Ledger;
  engine: Engine;
  /** The reconciler's engine, on a connection of its own. Default: `engine`. */
  reconcileEngine?: Engine;
  /** From `createRunWatch`, on a connection of its own without retries. */
  watch: WatchRun;
  /** From `createVisibility`, on a connection without retries: a feed slows down by itself. */
  visibility: Visibility;
  /** Which runs that nobody announced become executions. Default: none. */
  adoption?: readonly AdoptionRule[];
  /** The Temporal namespace whose executions are followed. */
  namespace: string;
  logger: Logger;
  /** Counts, times and spans; one per process. Default: one on the global OpenTelemetry API. */
  telemetry?: Telemetry;
  /** Names this monitor in the proof. Default: process id and host name. */
  identity?: string;
}

export interface MonitorOptions {
  /** Every unsettled execution is described at least once in this time. Default 300,000 ms. */
  reconcilePeriodMs?: number;
  /**
   * Most executions that the reconciler describes in a second. It takes as many as are open; where they are more than that in a
   * period (60,000 by default), the period grows. Default 250, a tenth of what Temporal admits by default.
   */
  reconcileRate?: number;
  /** Most executions watched by a long poll at once. Default 800. */
  watchCap?: number;
  /** Who is watched where not all can be. Default `likeliest`. */
  watchPolicy?: WatchPolicy;
  /** How often the ledger's changes are read. Default 250 ms. */
  tickMs?: number;
  /** Most unsettled executions held in memory; older ones are left to the reconciler. Default 10,000. */
  trackLimit?: number;
  /** How long an admitted execution waits for its API before the monitor starts it. Default 10,000 ms. */
  startAfterMs?: number;
  /** How old a report must be before an engine that says "open" takes it back. Default 10,000 ms. */
  reportGraceMs?: number;
  /** How long a stop waits for outcomes in hand to be written. Default 4,000 ms. */
  drainMs?: number;
}

export interface Monitor {
  /**
   * Follows executions until the signal is aborted, then cancels its polls, writes what it holds and returns. An outage
   * of Temporal or of the database does not end it.
   */
  run(signal: AbortSignal): Promise<void>;
}

/** Follows executions to their end. Any number may run at once: everything they write is guarded and idempotent. */
export function createMonitor(deps: MonitorDeps, options: MonitorOptions = {}): Monitor {
  const { drainMs = 4_000 } = options;
  const { namespace, logger } = deps;
  return {
    async run(signal) {
      const { loops, watcher, recorder, observe } = assemble(deps, options);
      const stopObserving = observe();
      const { watchCap, reconcilePeriodMs } = options;
      logger.info({ namespace, watchCap, reconcilePeriodMs }, 'monitor runs');
      const running = Promise.all(loops.map((loop) => loop.run(signal)));
      await Promise.race([running, aborted(signal)]);
      // All at once: a loop or a handle may itself be waiting for the recorder, and the recorder for the ledger. What a
      // call without an answer holds up is only a read.
      const drained = Promise.all([running, watcher.stop(), recorder.close(drainMs)]);
      const patience = new AbortController();
      await Promise.race([drained, pause(drainMs + 1_000, patience.signal)]);
      patience.abort();
      stopObserving();
      logger.info({ namespace }, 'monitor stopped');
    },
  };
}

/** Hints to the left, the ledger to the right: everything that is to be recorded goes through the one settler. */
function assemble(deps: MonitorDeps, options: MonitorOptions) {
  const { adoption = [], namespace, logger, telemetry = createTelemetry({ namespace }) } = deps;
  const ledger = telemetry.measured('ledger', deps.ledger);
  const engine = telemetry.measured('engine', deps.engine);
  const reconcileEngine = deps.reconcileEngine ? telemetry.measured('engine', deps.reconcileEngine) : engine;
  const visibility = telemetry.measured('visibility', deps.visibility);
  const { reconcilePeriodMs: periodMs = 300_000, reconcileRate: maxPerSecond = 250 } = options;
  const { tickMs = 250, trackLimit: limit = 10_000, startAfterMs = 10_000, reportGraceMs = 10_000 } = options;
  const { watchCap: cap = 800, watchPolicy: policy } = options;

  const memory = createRunMemory();
  const usualDurations = createUsualDurations(ledger);
  const retention = createRetentionKnowledge({ engine: reconcileEngine, namespace, logger });
  const book = createPassBook({ logger });
  const recorder = createRecorder({ ledger, logger, telemetry });
  const timelines = createTimelineKeeper({ ledger, engine: reconcileEngine, namespace, logger });
  const settler = createSettler({
    recorder,
    logger,
    telemetry,
    reportGraceMs,
    usualDuration: usualDurations.of,
    retentionMs: retention.current,
    recorded(source, { status, closedAt }) {
      timelines.wake();
      telemetry.recorded({ source, status, closedAt });
      if (source === 'reconciler') telemetry.diverged();
    },
  });

  const settled = (executionId: string, result: Settled) => {
    if (result.kind === 'open') watcher.readmit(executionId);
    const runs = result.kind === 'ended' ? result.outcome?.runs : result.kind === 'open' ? result.open.runs : [];
    for (const run of runs ?? []) if (run.status !== 'running') memory.add(run.runId);
    if (result.kind === 'ended') tracker.forget(executionId, result.revision);
  };

  const watch = { watch: deps.watch, engine, settler, logger, settled };
  const watcher = createWatcher({ ...watch, cap, usualDurations, ...(policy ? { policy } : {}) });
  const tracker = createTracker({
    ledger,
    namespace,
    logger,
    tickMs,
    limit,
    appeared: (row) => closureFeed.claim(row),
    changed: (tracked) => watcher.update(tracked),
  });
  const feed = {
    ledger,
    visibility,
    engine,
    settler,
    tracker,
    namespace,
    logger,
    telemetry,
    settled,
  };
  const closureFeed = createClosureFeed({ ...feed, memory, isNeeded: () => watcher.leavesSome });
  const adopter = createAdopter({ ledger, visibility, rules: adoption, namespace, logger });
  const startFeed = createStartFeed({ ...feed, adopter });
  const starter = createStarter({ ledger, engine, recorder, namespace, logger, startAfterMs });
  const folder = createFolder({ ledger, logger });
  const host = createHostKeeper({ ledger, logger });
  let latest: Proof | null = null;
  const reconciler = createReconciler({
    ledger,
    engine: reconcileEngine,
    settler,
    tracker,
    book,
    usualDurations,
    retention,
    namespace,
    logger,
    periodMs,
    maxPerSecond,
    open: () => Math.max(latest?.open ?? 0, tracker.tracked.size),
    telemetry,
    settled,
  });
  const standing = () => ({
    watching: watcher.size,
    watchCap: watcher.limit,
    closureFeed: closureFeed.state,
    startFeed: startFeed.state,
  });
  const proof = createProofPublisher({
    ledger,
    namespace,
    logger,
    identity: deps.identity ?? `${process.pid}@${hostname()}`,
    periodMs,
    standing: () => ({
      ...standing(),
      diverging: book.diverging(tracker.mayBeUnsettled),
      alarm: book.alarm,
      broughtParts: book.broughtParts(),
    }),
    published(published) {
      latest = published;
    },
  });
  const loops = [tracker, closureFeed, startFeed, starter, reconciler, timelines, folder, host, proof];
  return { loops, watcher, recorder, observe: () => telemetry.observe(() => ({ ...standing(), proof: latest })) };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
