import { shutdownSignal } from '@runledger/host/shutdown';
import { interrupted } from './ending.ts';

/** One Ctrl-C arrives more than once: from the terminal, and handed on by npm and by the bootstrap. */
const SAME_MS = 1_000;

/**
 * Ends everything in order at the first signal, and this process at once at a later one: the watchdogs of the parts see
 * to the rest then.
 */
export function endOnSignals(ending: AbortController): void {
  const end = () => ending.abort(interrupted);
  const shutdown = shutdownSignal({ signals: ['SIGINT', 'SIGTERM', 'SIGHUP'], sameWithinMs: SAME_MS });
  shutdown.addEventListener('abort', end);
  process.once('disconnect', end); // the bootstrap was killed
  // Whoever read the output is gone: a closed terminal, or `| head`.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', end);
}
