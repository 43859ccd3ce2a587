import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { connectEngine, createEngine, createRunWatch } from '@runledger/engine';
import { connectSupabase, createLedger } from '@runledger/execution-service';
import { createMonitorActivities, ensureMonitorWorkflow } from '@runledger/monitor';
import { NativeConnection, Worker } from '@temporalio/worker';
import type { Logger } from 'pino';
import type { Env } from './env.ts';

/** The monitor workflow is started again within this time, whoever ended it. */
const ENSURE_EVERY_MS = 30_000;

export interface MonitorWorker {
  /** Polls until the signal is aborted and everything in hand is written. @throws when the worker fails for good */
  run(): Promise<void>;
}

/**
 * Hosts the monitor: a Temporal worker with one activity slot. A holder that hangs then has no open poll that could
 * swallow the retry meant for another worker (`facts/temporal-measured.md`, item 5).
 *
 * Waits for Temporal as long as it takes; neither its outage nor the database's ends the worker.
 */
export async function createMonitorWorker(env: Env, logger: Logger, shutdown: AbortSignal): Promise<MonitorWorker> {
  const temporal = { address: env.TEMPORAL_ADDRESS, tls: env.TEMPORAL_TLS, apiKey: env.TEMPORAL_API_KEY };
  const namespace = env.TEMPORAL_NAMESPACE;
  const taskQueue = env.RUNLEDGER_TASK_QUEUE;

  const hints = connectEngine(temporal);
  const proof = connectEngine(temporal);
  const polls = connectEngine({ ...temporal, attempts: 1 });
  const native = await connectNative(temporal, logger, shutdown);
  const ledger = createLedger(connectSupabase({ url: env.SUPABASE_URL, key: env.SUPABASE_SERVICE_ROLE_KEY }));

  const worker = await Worker.create({
    connection: native,
    namespace,
    taskQueue,
    workflowsPath: fileURLToPath(import.meta.resolve('@runledger/monitor/workflows')),
    activities: createMonitorActivities(
      {
        ledger,
        engine: createEngine({ connection: hints }),
        reconcileEngine: createEngine({ connection: proof }),
        watch: createRunWatch(polls),
        namespace,
        logger,
      },
      { reconcilePeriodMs: env.RUNLEDGER_RECONCILE_PERIOD_MS, watchCap: env.RUNLEDGER_WATCH_CAP, shutdown },
    ),
    maxConcurrentActivityTaskExecutions: 1,
    maxConcurrentWorkflowTaskExecutions: 2,
    maxCachedWorkflows: 2,
    // The monitor drains by itself when `shutdown` is aborted; these only bound it.
    shutdownGraceTime: '8s',
    shutdownForceTime: '12s',
  });

  async function keepMonitorWorkflow(): Promise<void> {
    let ready = false;
    while (!shutdown.aborted) {
      try {
        const monitor = await ensureMonitorWorkflow(hints, { namespace, taskQueue });
        if (monitor === 'started') logger.info({ namespace }, 'started the monitor workflow');
        // Whoever waits for this line must see it at any log level.
        if (!ready) logger.child({}, { level: 'info' }).info({ namespace, taskQueue }, 'ready');
        ready = true;
      } catch (error) {
        logger.warn({ err: error }, 'the monitor workflow could not be started; it is tried again');
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
        await Promise.all([hints.close(), proof.close(), polls.close(), native.close()]);
      }
    },
  };
}

/** @throws the shutdown's reason when it comes first */
async function connectNative(
  options: { address: string; tls: boolean | undefined; apiKey: string | undefined },
  logger: Logger,
  shutdown: AbortSignal,
): Promise<NativeConnection> {
  for (let wait = 500; ; wait = Math.min(wait * 2, 5_000)) {
    shutdown.throwIfAborted();
    try {
      return await NativeConnection.connect(options);
    } catch (error) {
      logger.warn({ err: error, address: options.address }, 'waiting for Temporal');
      await delay(wait, undefined, { signal: shutdown }).catch(() => undefined);
    }
  }
}
