import type { RunledgerClient } from '../client.ts';
import type { RouterOutputs } from '../router-types.ts';

type Page = RouterOutputs['execution']['listExecutions'];
export type ExecutionSummary = Page['items'][number];

/** What became of one execution. */
export type LiveChange = { execution: ExecutionSummary } | { deletedId: string };
/** `resync`: it is no longer known what changed, so everything shown is to be read anew. */
export type LiveEvent = { kind: 'changes'; changes: LiveChange[] } | { kind: 'resync' };

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
  /** Tells what changes until it is called off. The first who listens opens the stream; the last who leaves closes it. */
  listen(listener: (event: LiveEvent) => void): () => void;
  connection(): LiveConnection;
  /** Called whenever `connection()` is another one. */
  onConnection(listener: () => void): () => void;
}

/** How long a stream stays open for whoever listens next, in milliseconds: pages change their components all the time. */
const LINGERS_MS = 1_000;

/** One stream of the caller's executions for everything that a page shows. */
export function createLiveChanges(client: RunledgerClient): LiveChanges {
  const listeners = new Set<(event: LiveEvent) => void>();
  const watchers = new Set<() => void>();
  let connection: LiveConnection = { state: 'off', since: Date.now(), error: null };
  let stream: { unsubscribe(): void } | null = null;
  let closing: ReturnType<typeof setTimeout> | undefined;

  function become(state: LiveState, error: unknown = null): void {
    if (connection.state === state) return;
    connection = { state, since: Date.now(), error };
    for (const watcher of [...watchers]) watcher();
  }

  const tell = (event: LiveEvent) => {
    for (const listener of [...listeners]) listener(event);
  };

  function open(): void {
    become('connecting');
    let isFirst = true;
    const opened = client.execution.watchExecutions.subscribe(
      // What is shown comes from queries; the stream only says what becomes of it.
      { limit: 1 },
      {
        onData({ data }) {
          become('live');
          if (data.kind === 'changes') tell({ kind: 'changes', changes: data.changes });
          else if (!isFirst) tell({ kind: 'resync' });
          isFirst = false;
        },
        onConnectionStateChange({ state }) {
          if (state === 'connecting' && connection.state === 'live') become('reconnecting');
        },
        onError: (error) => close('failed', error),
        onComplete: () => close('off'),
      },
    );
    stream = opened;
  }

  function close(state: LiveState, error: unknown = null): void {
    stream?.unsubscribe();
    stream = null;
    become(state, error);
  }

  return {
    listen(listener) {
      clearTimeout(closing);
      listeners.add(listener);
      if (!stream) open();
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        closing = setTimeout(() => {
          if (listeners.size === 0) close('off');
        }, LINGERS_MS);
      };
    },
    connection: () => connection,
    onConnection(listener) {
      watchers.add(listener);
      return () => void watchers.delete(listener);
    },
  };
}
