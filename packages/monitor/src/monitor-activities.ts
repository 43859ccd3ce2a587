import { pause } from '@runledger/contracts';
import { Context } from '@temporalio/activity';
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import type { MonitorDeps, MonitorOptions } from './monitor.ts';
import { createMonitor } from './monitor.ts';

const BEAT_MS = 1_000;
/** Half of the activity's start-to-close timeout. */
const SHIFT_MS = 12 * 3_600_000;

export interface MonitorActivities {
  /** Runs the monitor until its shift is over, or until it is cancelled or the worker shuts down. */
  followExecutions(): Promise<void>;
}

export interface MonitorActivitiesOptions extends MonitorOptions {
  /** Aborted when the host shuts down: the monitor drains at once, and another worker takes over. */
  shutdown?: AbortSignal;
  /** How long one attempt runs before it hands on, in milliseconds. Default 12 hours. */
  shiftMs?: number;
}

/** The monitor as activities, for a worker with one activity slot. */
export function createMonitorActivities(deps: MonitorDeps, options: MonitorActivitiesOptions = {}): MonitorActivities {
  const { shutdown = new AbortController().signal, shiftMs = SHIFT_MS } = options;
  return {
    async followExecutions() {
      const context = Context.current();
      const stop = new AbortController();
      const end = () => stop.abort();
      const beat = setInterval(() => context.heartbeat(), BEAT_MS);
      for (const signal of [context.cancellationSignal, shutdown])
        signal.addEventListener('abort', end, { once: true });
      if (context.cancellationSignal.aborted || shutdown.aborted) end();
      const shift = pause(shiftMs, stop.signal).then(end);
      try {
        await createMonitor(deps, options).run(stop.signal);
      } finally {
        clearInterval(beat);
        shutdown.removeEventListener('abort', end);
        end();
        await shift;
      }
      // Rejects when the attempt was cancelled or is not this worker's any more.
      if (context.cancellationSignal.aborted) await context.cancelled;
      if (shutdown.aborted) {
        throw ApplicationFailure.create({
          message: 'The worker shuts down; another one goes on.',
          type: 'MonitorDrained',
          category: ApplicationFailureCategory.BENIGN,
          nextRetryDelay: '50ms',
        });
      }
    },
  };
}
