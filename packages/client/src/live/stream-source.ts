import type { DeletedBy } from '@runledger/contracts';
import type { RunledgerClient } from '../client.ts';
import type { RouterOutputs } from '../router-types.ts';

type Page = RouterOutputs['execution']['listExecutions'];
export type ExecutionSummary = Page['items'][number];

/** What became of one execution; `deletedBy`: who deleted it, where that is known. */
export type LiveChange = { execution: ExecutionSummary } | { deletedId: string; deletedBy?: DeletedBy | null };
/** `resync`: it is no longer known what changed, so everything shown is to be read anew. */
export type LiveEvent = { kind: 'changes'; changes: LiveChange[] } | { kind: 'resync' };

export interface StreamObserver {
  /** An event, and the id to go on after. */
  event(id: string, event: LiveEvent): void;
  /** `live`: what was told is current. `connecting`: it is not known whether it is. */
  state(state: 'connecting' | 'live'): void;
  /** Coming back does not help. */
  failed(error: unknown): void;
}

/** Where events come from. */
export interface StreamSource {
  /** Tells what happens after an event (`null`: from now on, beginning with `resync`) until it is called off. */
  open(lastEventId: string | null, observer: StreamObserver): () => void;
}

/** Whose executions: the caller's own, or everybody's, which operators may ask for. */
export type Whose = 'caller' | 'everyone';

/** A router marks events by a symbol of its copy of tRPC; another copy that serves it sends them as they are. */
const TWO_COPIES =
  'The events of the API cannot be read: its router is served by another copy of @trpc/server than its own. With Next, name both in next.config: serverExternalPackages: ["runledger", "@trpc/server"].';

/** The API's own stream of the executions of a scope. */
export function createStreamSource(client: RunledgerClient, of: Whose = 'caller'): StreamSource {
  return {
    open(lastEventId, { event, state, failed }) {
      const stream = client.execution.watchExecutions.subscribe(
        // What is shown comes from queries; the stream only says what becomes of it.
        { limit: 1, lastEventId, of },
        {
          onData(told) {
            if (Array.isArray(told)) {
              stream.unsubscribe();
              return failed(new Error(TWO_COPIES));
            }
            const { id, data } = told;
            state('live');
            event(id, data.kind === 'changes' ? { kind: 'changes', changes: data.changes } : { kind: 'resync' });
          },
          onConnectionStateChange: (change) => change.state === 'connecting' && state('connecting'),
          onError: failed,
          onComplete: () => failed(null),
        },
      );
      return () => stream.unsubscribe();
    },
  };
}
