import type { LiveEvent, StreamSource } from './stream-source.ts';

/**
 * - `off`: nobody listens. `connecting`: for the first time.
 * - `live`: what is shown is current. `reconnecting`: what is shown is as of `since`; what changes meanwhile comes later.
 * - `failed`: coming back does not help (signed out, not allowed).
 */
export type LiveState = 'off' | 'connecting' | 'live' | 'reconnecting' | 'failed';

export interface LiveConnection {
  state: LiveState;
  /** When it began to be so, in milliseconds since the epoch. */
  since: number;
  /** With `failed`: why. */
  error: unknown;
}

export interface LiveChanges {
  /**
   * Tells what changes until it is called off. The first who listens opens the stream; the last who leaves closes it. Begins
   * with `resync` once it is live: what was read before may have changed since.
   */
  listen(listener: (event: LiveEvent) => void): () => void;
  connection(): LiveConnection;
  /** Called whenever `connection()` is another one. */
  onConnection(listener: () => void): () => void;
  /** Leaves the stream for a new one, of whoever is signed in now. */
  restart(): void;
}

/** How long a stream stays open for whoever listens next, in milliseconds: pages change their components all the time. */
const LINGERS_MS = 1_000;

/** One stream of the caller's executions for everything that a page shows. */
export function createLiveChanges(source: StreamSource): LiveChanges {
  const listeners = new Set<(event: LiveEvent) => void>();
  const watchers = new Set<() => void>();
  let connection: LiveConnection = { state: 'off', since: Date.now(), error: null };
  let close: (() => void) | null = null;
  let closing: ReturnType<typeof setTimeout> | undefined;
  let isOffline = false;

  function become(state: LiveState, error: unknown = null): void {
    if (connection.state === state) return;
    connection = { state, since: Date.now(), error };
    for (const watcher of [...watchers]) watcher();
  }

  const tell = (event: LiveEvent) => {
    for (const listener of [...listeners]) listener(event);
  };

  /** @param state That of a stream that has not said anything so far. */
  function open(state: LiveState = 'connecting'): void {
    become(isOffline ? 'reconnecting' : state);
    if (isOffline) return;
    let wasLive = false;
    const live = () => {
      if (!wasLive) tell({ kind: 'resync' });
      wasLive = true;
      become('live');
    };
    close = source.open(null, {
      event(_id, event) {
        const isFirst = !wasLive;
        live();
        if (!isFirst || event.kind === 'changes') tell(event);
      },
      state(state) {
        if (state === 'live') live();
        else if (wasLive) become('reconnecting');
      },
      failed(error) {
        close = null;
        become('failed', error);
      },
    });
  }

  // A connection that is gone says nothing for a while, and its browser knows at once.
  onNetwork({
    offline() {
      isOffline = true;
      close?.();
      close = null;
      if (listeners.size > 0) become('reconnecting');
    },
    online() {
      isOffline = false;
      if (listeners.size > 0 && !close) open('reconnecting');
    },
  });

  return {
    listen(listener) {
      clearTimeout(closing);
      listeners.add(listener);
      if (!close) open();
      // Others have opened it before: what this one has read may be older.
      else if (connection.state === 'live') listener({ kind: 'resync' });
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        closing = setTimeout(() => {
          if (listeners.size > 0) return;
          close?.();
          close = null;
          become('off');
        }, LINGERS_MS);
      };
    },
    connection: () => connection,
    onConnection(listener) {
      watchers.add(listener);
      return () => void watchers.delete(listener);
    },
    restart() {
      close?.();
      close = null;
      if (listeners.size > 0) open();
      else become('off');
    },
  };
}

/** Tells what a browser says of its network; nothing elsewhere. */
function onNetwork(told: { offline(): void; online(): void }): void {
  type Browser = { addEventListener(name: string, listener: () => void): void };
  const { document, window } = globalThis as { document?: unknown; window?: Browser };
  if (!document || !window) return;
  window.addEventListener('offline', told.offline);
  window.addEventListener('online', told.online);
}
