import { once } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { createLog, logReady } from '@runledger/host/log';
import { shutdownSignal } from '@runledger/host/shutdown';
import { startTelemetrySdk } from '@runledger/host/telemetry-sdk';
import { createRunledger } from './create-runledger.ts';
import { readEnv } from './env.ts';

/** How long a stop waits for requests under way; below the 30 s that orchestrators wait before they kill. */
const LONGEST_DRAIN_MS = 15_000;

// Garbage is collected once the heap is three times what was left of it, not some megabytes later: while payloads of megabytes are
// read, that was after each, for 20 to 70 ms in which nobody is answered.
setFlagsFromString('--heap-growing-percent=200');
// What they take outside of the heap counts in that, where V8 can do so (Node 24). It has a bound of its own otherwise, which some ten reach.
if (Number.parseInt(process.versions.v8, 10) >= 13) setFlagsFromString('--external-memory-accounted-in-global-limit');

async function main(): Promise<void> {
  const env = readEnv();
  const log = createLog(env.LOG_LEVEL);
  const telemetry = await startTelemetrySdk(env, log, 'runledger-api');
  const runledger = createRunledger({ log });
  const listening = await runledger.listen();
  const shutdown = shutdownSignal({ exitCode: 1 });
  logReady(log, { url: listening.url });
  void runledger.warnOfSetUp();

  await once(shutdown, 'abort');
  log.info({ signal: shutdown.reason.cause }, 'stopping');
  await listening.drain(LONGEST_DRAIN_MS);
  await runledger.close();
  await telemetry.stop();
  process.exit(0);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
