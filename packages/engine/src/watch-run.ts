import { ExecutionError } from '@runledger/contracts';
import type { Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import { isMessageTooLarge, isUnknownWorkflow, toExecutionError } from './grpc-error.ts';
import type { RunRef } from './run-history.ts';

export interface WatchOptions {
  /** Ends the poll at once, on the server too. */
  signal: AbortSignal;
  /** Longest wait in milliseconds. Default 30,000; Temporal itself answers after about 20 s. */
  deadlineMs?: number;
}

/**
 * Waits until a run has closed (`closed`) or the wait is over (`open`). A hint: what it closed as, and whether the chain
 * goes on, only the resolver says.
 *
 * Rejects at the first fault with ExecutionError `not_found`, `engine_unavailable`, `engine_refused` or, where the namespace
 * has as many polls open as it may, `engine_throttled`; and with the signal's reason when it was aborted.
 */
export type WatchRun = (run: RunRef, options: WatchOptions) => Promise<'closed' | 'open'>;

/**
 * Makes the watch over a connection of its own, without retries (`connectEngine({ attempts: 1 })`): the SDK's retries
 * cannot be cancelled while they wait, and would hide that polls are refused.
 */
export function createRunWatch(connection: Connection): WatchRun {
  return async (run, { signal, deadlineMs = 30_000 }) => {
    signal.throwIfAborted();
    // One controller per poll: the SDK adds a listener per call to the signal it is given and never removes it.
    const poll = new AbortController();
    const abort = () => poll.abort();
    signal.addEventListener('abort', abort, { once: true });
    try {
      const page = await connection.withAbortSignal(poll.signal, () =>
        connection.withDeadline(Date.now() + deadlineMs, () =>
          connection.workflowService.getWorkflowExecutionHistory({
            namespace: run.namespace,
            execution: { workflowId: run.temporalWorkflowId, runId: run.runId ?? undefined },
            waitNewEvent: true,
            historyEventFilterType:
              proto.temporal.api.enums.v1.HistoryEventFilterType.HISTORY_EVENT_FILTER_TYPE_CLOSE_EVENT,
            skipArchival: true,
          }),
        ),
      );
      return page.history?.events?.length ? 'closed' : 'open';
    } catch (error) {
      signal.throwIfAborted();
      // The poll answers with the event that closed the run, and nothing else.
      if (isMessageTooLarge(error)) return 'closed';
      if (isUnknownWorkflow(error)) {
        throw new ExecutionError('not_found', `Temporal knows no workflow ${run.temporalWorkflowId}.`, {
          cause: error,
        });
      }
      throw toExecutionError(error, `watch workflow ${run.temporalWorkflowId}`);
    } finally {
      signal.removeEventListener('abort', abort);
    }
  };
}
