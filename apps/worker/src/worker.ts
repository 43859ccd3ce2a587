import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type { Ledger } from '@runledger/contracts';
import { rulesOf } from '@runledger/host/adoption-rules';
import { logReady } from '@runledger/host/log';
import type { TemporalNamespace } from '@runledger/host/temporal/temporal-namespace';
import type { MonitorDeps, MonitorWorkflow, Telemetry } from '@runledger/monitor';
import { createMonitorActivities, ensureMonitorWorkflow, monitorTaskQueue } from '@runledger/monitor';
import { Worker } from '@temporalio/worker';
import type { Logger } from 'pino';
import type { Connections } from './connections.ts';
import type { Env } from './env.ts';
import type { MonitorRole } from './monitor-role.ts';
import { connectNative } from './native-connection.ts';

/** The monitor workflow is started again within this time, whoever ended it. */
const ENSURE_EVERY_MS = 30_000;

const ENSURED = {
  started: 'started the monitor workflow',
  already_running: 'the monitor workflow runs',
  taken_over: 'took the monitor workflow over from older workers, or from workers that are gone',
  newer_running: 'workers of a newer version run the monitor; this one stands by until they are gone',
} satisfies Record<MonitorWorkflow, string>;

export interface MonitorWorker {
  /** Polls until the signal is aborted and everything in hand is written. @throws when the worker fails for good */
  run(): Promise<void>;
}

export interface MonitorWorkerDeps {
  /** The namespace that is followed. */
  temporal: TemporalNamespace;
  connections: Connections;
  ledger: Ledger;
  /** One for all attempts: each further one would show gauges of its own beside those of the first. */
  telemetry: Telemetry;
  /** From `monitorBundle`. */
  bundle: { code: string };
  role: MonitorRole;
  logger: Logger;
  shutdown: AbortSignal;
}

/**
 * Hosts the monitor: a Temporal worker with one activity slot. A holder that hangs then has no open poll that could
 * swallow the retry meant for another worker: with one slot another one takes over within seconds of the missed
 * heartbeat, with the default of a hundred the retry goes to the hanging one, again and again.
 *
 * Waits for Temporal as long as it takes; neither its outage nor the database's ends the worker.
 */
export async function createMonitorWorker(env: Env, deps: MonitorWorkerDeps): Promise<MonitorWorker> {
  const { temporal, connections, ledger, telemetry, bundle, role, logger, shutdown } = deps;
  const { namespace } = temporal;
  // The queue of this version's workers, so that an older one never gets a newer one's tasks.
  const taskQueue = monitorTaskQueue(env.RUNLEDGER_TASK_QUEUE);
  const identity = `${process.pid}@${hostname()}`;
  const { engine, reconcileEngine, visibility, watch } = connections;
  const monitorDeps: MonitorDeps = {
    ledger,
    engine,
    reconcileEngine,
    visibility,
    watch,
    adoption: rulesOf(env.RUNLEDGER_ADOPTION, namespace),
    namespace,
    identity,
    logger,
    telemetry,
  };
  const activities = createMonitorActivities(monitorDeps, {
    reconcilePeriodMs: env.RUNLEDGER_RECONCILE_PERIOD_MS,
    reconcileRate: env.RUNLEDGER_RECONCILE_RATE,
    watchCap: env.RUNLEDGER_WATCH_CAP,
    shutdown,
  });

  const native = await connectNative(temporal, { logger, shutdown });
  const worker = await Worker.create({
    connection: native,
    namespace,
    taskQueue,
    identity,
    workflowBundle: bundle,
    activities: { ...activities, followExecutions: () => role.during(activities.followExecutions) },
    maxConcurrentActivityTaskExecutions: 1,
    maxConcurrentWorkflowTaskExecutions: 2,
    maxCachedWorkflows: 2,
    // Every beat is sent on, so that a busy second does not count as a missed one.
    maxHeartbeatThrottleInterval: '1s',
    // The monitor drains by itself when `shutdown` is aborted; these only bound it.
    shutdownGraceTime: '8s',
    shutdownForceTime: '12s',
  });

  async function keepMonitorWorkflow(): Promise<void> {
    let ready = false;
    let found: MonitorWorkflow | null = null;
    while (!shutdown.aborted) {
      try {
        const monitor = await ensureMonitorWorkflow(connections.temporal, {
          namespace,
          taskQueue: env.RUNLEDGER_TASK_QUEUE,
        });
        if (monitor !== found) logger.info({ namespace, monitor }, ENSURED[monitor]);
        found = monitor;
        if (!ready) logReady(logger, { namespace, taskQueue });
        ready = true;
      } catch (error) {
        logger.warn({ err: error, namespace }, 'the monitor workflow could not be started; it is tried again');
      }
      await delay(ready ? ENSURE_EVERY_MS : 1_000, undefined, { signal: shutdown }).catch(() => undefined);
    }
  }

  return {
    async run() {
      const running = worker.runUntil(
        new Promise<void>((resolve) => {
          shutdown.addEventListener('abort', () => resolve(), { once: true });
          if (shutdown.aborted) resolve();
        }),
      );
      try {
        await Promise.race([running, keepMonitorWorkflow().then(() => running)]);
      } finally {
        await native.close();
      }
    },
  };
}
