import { hostname } from 'node:os';
import type { AdoptionRule, Engine, Ledger, Proof, Visibility } from '@runledger/contracts';
import { pause } from '@runledger/contracts';
import type { WatchRun } from '@runledger/engine';
import type { Logger } from 'pino';
import { createUsualDurations } from './health/usual-durations.ts';
import { createHints } from './hints/hints.ts';
import type { WatchPolicy } from './hints/watch/watch-policy.ts';
import { createFolder } from './keep/folder.ts';
import { createHostKeeper } from './keep/host-keeper.ts';
import { createProofPublisher } from './keep/proof-publisher.ts';
import { createRetentionKnowledge } from './keep/retention-knowledge.ts';
import { createTimelineKeeper } from './keep/timeline-keeper.ts';
import { aborted } from './pacing/aborted.ts';
import { createReconcileGuard } from './reconcile/reconcile-guard.ts';
import { createReconciler } from './reconcile/reconciler.ts';
import { createRecorder } from './settle/recorder.ts';
import { createSettle } from './settle/settle.ts';
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
      const { loops, recorder, observe } = assemble(deps, options);
      const stopObserving = observe();
      const { watchCap, reconcilePeriodMs } = options;
      logger.info({ namespace, watchCap, reconcilePeriodMs }, 'monitor runs');
      const running = Promise.all(loops.map((loop) => loop.run(signal)));
      await Promise.race([running, aborted(signal)]);
      // Both at once: a loop or a watched handle may itself be waiting for the recorder, and the recorder for the ledger.
      // What a call without an answer holds up is only a read.
      const drained = Promise.all([running, recorder.close(drainMs)]);
      const patience = new AbortController();
      await Promise.race([drained, pause(drainMs + 1_000, patience.signal)]);
      patience.abort();
      stopObserving();
      logger.info({ namespace }, 'monitor stopped');
    },
  };
}

/** Hints to the left, the ledger to the right: everything that is to be recorded goes through the one `settle`. */
function assemble(deps: MonitorDeps, options: MonitorOptions) {
  const { adoption = [], namespace, logger, telemetry = createTelemetry({ namespace }) } = deps;
  const ledger = telemetry.measured('ledger', deps.ledger);
  const engine = telemetry.measured('engine', deps.engine);
  const reconcileEngine = deps.reconcileEngine ? telemetry.measured('engine', deps.reconcileEngine) : engine;
  const visibility = telemetry.measured('visibility', deps.visibility);
  const { reconcilePeriodMs: periodMs = 300_000, reconcileRate: maxPerSecond = 250 } = options;
  const { tickMs = 250, trackLimit: limit = 10_000, startAfterMs = 10_000, reportGraceMs = 10_000 } = options;
  const { watchCap = 800, watchPolicy } = options;

  const usualDurations = createUsualDurations(ledger);
  const retention = createRetentionKnowledge({ engine: reconcileEngine, namespace, logger });
  /** As of the last time it was learnt; asks again where that is long ago, and waits for no answer. */
  const knownRetention = () => {
    void retention.learn();
    return retention.current();
  };
  const guard = createReconcileGuard({ logger });
  const recorder = createRecorder({ ledger, logger, telemetry });
  const timelines = createTimelineKeeper({ ledger, engine: reconcileEngine, namespace, logger });
  const settleWith = createSettle({
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
    settled(executionId, result) {
      hints.settled(executionId, result);
      if (result.kind === 'ended') tracker.forget(executionId, result.revision);
    },
  });
  const tracker = createTracker({
    ledger,
    namespace,
    logger,
    tickMs,
    limit,
    appeared: (row) => hints.appeared(row),
    changed: (tracked) => hints.changed(tracked),
  });
  const hints = createHints({
    ...{ ledger, visibility, watch: deps.watch, settle: settleWith(engine), tracker, usualDurations },
    ...{ namespace, logger, telemetry, watchCap, watchPolicy },
    adopter: createAdopter({ ledger, visibility, rules: adoption, namespace, logger }),
  });
  const starter = createStarter({ ledger, engine, recorder, namespace, logger, startAfterMs });
  const folder = createFolder({ ledger, logger });
  const host = createHostKeeper({ ledger, logger });
  let latest: Proof | null = null;
  const reconciler = createReconciler({
    ...{ ledger, settle: settleWith(reconcileEngine), tracker, guard, usualDurations, retention },
    ...{ namespace, logger, telemetry, periodMs, maxPerSecond },
    open: () => Math.max(latest?.open ?? 0, tracker.tracked.size),
  });
  const proof = createProofPublisher({
    ledger,
    namespace,
    logger,
    identity: deps.identity ?? `${process.pid}@${hostname()}`,
    periodMs,
    figures: () => ({
      ...hints.figures,
      retentionMs: knownRetention(),
      diverging: guard.diverging(tracker.mayBeUnsettled),
      alarm: guard.alarm,
      broughtParts: guard.broughtParts(),
    }),
    published(published) {
      latest = published;
    },
  });
  const loops = [tracker, hints, starter, reconciler, timelines, folder, host, proof];
  return { loops, recorder, observe: () => telemetry.observe(() => ({ ...hints.figures, proof: latest })) };
}
