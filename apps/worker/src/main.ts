import { Runtime } from '@temporalio/worker';
import { pino } from 'pino';
import type { Env } from './env.ts';
import { readEnv } from './env.ts';
import { shutdownSignal } from './shutdown.ts';
import { temporalLogger } from './temporal-logger.ts';
import { createMonitorWorker } from './worker.ts';

/** Exit codes: 0 after a graceful stop, 1 when the worker failed, 2 for an incomplete environment, 130 for a second signal. */
async function main(): Promise<number> {
  let env: Env;
  try {
    env = readEnv();
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    return 2;
  }
  // Synchronously: pino's default flushes at exit, and hangs there when whoever read the output is gone.
  const logger = pino({ name: 'runledger-worker', level: env.LOG_LEVEL }, pino.destination({ dest: 1, sync: true }));
  const shutdown = shutdownSignal(process);
  // The signals are ours to handle: Temporal's runtime would stop the worker before the monitor has drained.
  Runtime.install({ logger: temporalLogger(logger), shutdownSignals: [] });
  try {
    const worker = await createMonitorWorker(env, logger, shutdown);
    await worker.run();
    logger.info('stopped');
    return 0;
  } catch (error) {
    if (error === shutdown.reason) return 0;
    logger.fatal({ err: error }, 'the worker failed');
    return 1;
  }
}

process.exit(await main());
