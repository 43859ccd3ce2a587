import type { Engine, Ledger } from '@runledger/contracts';
import type { WatchRun } from '@runledger/engine';
import type { Logger } from 'pino';
import { createLagGauge } from './lag.ts';
import { pause } from './pause.ts';
import { createReconciler } from './reconciler.ts';
import { createRecorder } from './recorder.ts';
import type { Settled } from './settler.ts';
import { createSettler } from './settler.ts';
import { createStarter } from './starter.ts';
import { createTracker } from './tracker.ts';
import { createWatcher } from './watcher.ts';

export interface MonitorDeps {
  ledger: Ledger;
  engine: Engine;
  /** The reconciler's engine, on a connection of its own. Default: `engine`. */
  reconcileEngine?: Engine;
  /** From `createRunWatch`, on a connection of its own without retries. */
  watch: WatchRun;
  /** The Temporal namespace whose executions are followed. */
  namespace: string;
  logger: Logger;
}

export interface MonitorOptions {
  /** Every unsettled execution is described at least once in this time. Default 300,000 ms. */
  reconcilePeriodMs?: number;
  /** Most executions watched by a long poll at once. Default 200. */
  watchCap?: number;
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
  const { ledger, engine, reconcileEngine = engine, watch, namespace, logger } = deps;
  const { reconcilePeriodMs = 300_000, watchCap = 200, tickMs = 250, trackLimit = 10_000 } = options;
  const { startAfterMs = 10_000, reportGraceMs = 10_000, drainMs = 4_000 } = options;

  return {
    async run(signal) {
      const lag = createLagGauge();
      const recorder = createRecorder({ ledger, logger });
      const settler = createSettler({ recorder, logger, reportGraceMs });
      const settled = (executionId: string, result: Settled) => {
        if (result.kind === 'open') watcher.readmit(executionId);
        if (result.kind !== 'ended') return;
        if (result.applied && result.closedAt) lag.note(result.closedAt);
        tracker.forget(executionId);
      };
      const watcher = createWatcher({ watch, engine, settler, logger, settled, cap: watchCap });
      const tracker = createTracker({
        ledger,
        namespace,
        logger,
        tickMs,
        limit: trackLimit,
        changed: (tracked) => watcher.update(tracked),
      });
      const starter = createStarter({ ledger, engine, recorder, namespace, logger, startAfterMs });
      const reconciler = createReconciler({
        ledger,
        engine: reconcileEngine,
        settler,
        tracker,
        lag,
        namespace,
        logger,
        periodMs: reconcilePeriodMs,
        settled,
      });
      logger.info({ namespace, watchCap, reconcilePeriodMs }, 'monitor runs');
      const loops = Promise.all([tracker.run(signal), starter.run(signal), reconciler.run(signal)]);
      await Promise.race([loops, aborted(signal)]);
      // All at once: a loop or a handle may itself be waiting for the recorder, and the recorder for the ledger. What a
      // call without an answer holds up is only a read.
      const drained = Promise.all([loops, watcher.stop(), recorder.close(drainMs)]);
      const patience = new AbortController();
      await Promise.race([drained, pause(drainMs + 1_000, patience.signal)]);
      patience.abort();
      logger.info({ namespace }, 'monitor stopped');
    },
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
