import { createLog } from '@runledger/host/log';
import { shutdownSignal } from '@runledger/host/shutdown';
import { startTelemetrySdk } from '@runledger/host/telemetry-sdk';
import type { Logger } from 'pino';
import { connectLedger } from './connections.ts';
import type { Env } from './env.ts';
import { readEnv } from './env.ts';
import { followNamespaces } from './follow-namespaces.ts';
import { serveHealth } from './health-server.ts';
import { checkReadiness } from './readiness.ts';
import { schemaIsReady } from './schema-is-ready.ts';
import { installTemporalRuntime } from './temporal-runtime.ts';

/** Exit codes: 0 after a graceful stop, 1 when the worker failed, 2 for an incomplete environment, 130 for a second signal. */
async function main(): Promise<number> {
  let env: Env;
  try {
    env = readEnv();
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    return 2;
  }
  const logger = createLog(env.LOG_LEVEL, 'runledger-worker');
  const shutdown = shutdownSignal();
  try {
    await runWorker(env, logger, shutdown);
    logger.info('stopped');
    return 0;
  } catch (error) {
    if (error === shutdown.reason) return 0;
    logger.fatal({ err: error }, 'the worker failed');
    return 1;
  }
}

async function runWorker(env: Env, logger: Logger, shutdown: AbortSignal): Promise<void> {
  const telemetry = await startTelemetrySdk(env, logger, 'runledger-worker');
  installTemporalRuntime(env, logger);
  const ledger = connectLedger(env);
  const follower = followNamespaces(env, { ledger, logger, shutdown });
  const { RUNLEDGER_HTTP_PORT: port, RUNLEDGER_HTTP_HOST: host } = env;
  const readiness = () => checkReadiness({ namespaces: follower.followed, ledger, shutdown });
  const health = port === undefined ? null : await serveHealth({ port, host, readiness });
  try {
    await schemaIsReady({ ledger, logger, shutdown });
    await follower.run();
  } finally {
    await Promise.all([health?.close(0), follower.close(), telemetry.stop()]);
  }
}

process.exit(await main());
