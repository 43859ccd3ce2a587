import { interrupted } from './ending.ts';

/** One Ctrl-C arrives more than once: from the terminal, and handed on by npm and by the bootstrap. */
const SAME_MS = 1_000;

/**
 * Ends everything in order at the first signal, and this process at once at a later one: the watchdogs of the parts see
 * to the rest then.
 */
export function endOnSignals(ending: AbortController): void {
  let first: number | undefined;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (first !== undefined && performance.now() - first > SAME_MS) process.exit(130);
      first ??= performance.now();
      ending.abort(interrupted);
    });
  }
  process.once('disconnect', () => ending.abort(interrupted)); // the bootstrap was killed
  // Whoever read the output is gone: a closed terminal, or `| head`.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => ending.abort(interrupted));
}
