interface ShutdownOptions {
  /** Default: SIGTERM and SIGINT. */
  signals?: NodeJS.Signals[];
  /** Of the process when a second signal comes. Default 130. */
  exitCode?: number;
  /** A signal that comes so soon after the first is the same one, handed on by a parent. Milliseconds, default 0. */
  sameWithinMs?: number;
  process?: Pick<NodeJS.Process, 'on' | 'exit'>;
}

/**
 * Aborted by the first signal, for a stop in order; a later one ends the process at once. The reason is an Error whose
 * `cause` is the signal's name.
 */
export function shutdownSignal(options: ShutdownOptions = {}): AbortSignal {
  const { signals = ['SIGTERM', 'SIGINT'], exitCode = 130, sameWithinMs = 0, process: own = process } = options;
  const controller = new AbortController();
  let firstAt = 0;
  for (const signal of signals) {
    own.on(signal, () => {
      if (!controller.signal.aborted) firstAt = performance.now();
      else if (performance.now() - firstAt >= sameWithinMs) own.exit(exitCode);
      controller.abort(new Error(`received ${signal}`, { cause: signal }));
    });
  }
  return controller.signal;
}

/**
 * What `work` gives, or the reason of `signal` as soon as it comes. The work is not stopped by this: it must see the signal
 * itself, or be waited for by whoever stops what it starts, or not matter any more.
 */
export async function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  let tell = () => {};
  const aborted = new Promise<never>((_, reject) => {
    tell = () => reject(signal.reason);
    if (signal.aborted) tell();
    else signal.addEventListener('abort', tell, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', tell);
  }
}
