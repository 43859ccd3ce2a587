import { useEffect, useRef, useSyncExternalStore } from 'react';
import type { LiveConnection } from '../live/live-changes.ts';
import type { LiveEvent } from '../live/stream-source.ts';
import { useRunledger } from './use-runledger.ts';

const NONE: LiveConnection = { state: 'off', since: 0, error: null };

/** How current what is shown is: to be said beside it. */
export function useLiveConnection(): LiveConnection {
  const { live } = useRunledger();
  return useSyncExternalStore(live.onConnection, live.connection, () => NONE);
}

/** Listens to what changes while the component is there; all components of a page share one stream. */
export function useLiveEvents(onEvent: (event: LiveEvent) => void, { enabled = true } = {}): void {
  const { live } = useRunledger();
  const latest = useRef(onEvent);
  useEffect(() => {
    latest.current = onEvent;
  });
  useEffect(() => (enabled ? live.listen((event) => latest.current(event)) : undefined), [live, enabled]);
}
