import { useEffect } from 'react';

/** When nothing else is to be done, in milliseconds. */
const AFTER_MS = 2_000;

/** What is asked for seldom is there at once when it is called. @param load What does not come is asked for again then. */
export function usePrefetched(load: () => Promise<unknown>, afterMs = AFTER_MS): void {
  useEffect(() => {
    const timer = setTimeout(() => void load().catch(() => {}), afterMs);
    return () => clearTimeout(timer);
  }, [load, afterMs]);
}
