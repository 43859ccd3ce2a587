import { useCallback, useSyncExternalStore } from 'react';

interface Clock {
  listeners: Set<() => void>;
  timer: ReturnType<typeof setInterval>;
}

/** One for all components that look as often. */
const clocks = new Map<number, Clock>();

function listen(stepMs: number, listener: () => void): () => void {
  let clock = clocks.get(stepMs);
  if (!clock) {
    const listeners = new Set<() => void>();
    const timer = setInterval(() => {
      for (const tell of [...listeners]) tell();
    }, stepMs);
    clock = { listeners, timer };
    clocks.set(stepMs, clock);
  }
  const { listeners, timer } = clock;
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    clocks.delete(stepMs);
  };
}

/**
 * The time by this machine's clock, in whole steps, again as each has passed. `null` on a server and for the first paint after it,
 * where the reader's clock is not known.
 */
export function useNow(stepMs: number): number | null {
  const subscribe = useCallback((listener: () => void) => listen(stepMs, listener), [stepMs]);
  return useSyncExternalStore(
    subscribe,
    () => Math.floor(Date.now() / stepMs) * stepMs,
    () => null,
  );
}
