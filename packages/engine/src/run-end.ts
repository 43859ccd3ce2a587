import type { TerminalStatus } from '@runledger/contracts';
import type { Payload } from '@temporalio/common';
import type { temporal } from '@temporalio/proto';
import { toTimestamp } from './timestamp.ts';

type HistoryEvent = temporal.api.history.v1.IHistoryEvent;
type ProtoFailure = temporal.api.failure.v1.IFailure;

/** How one run of a chain ended, read from its last event. */
export interface RunEnd {
  status: TerminalStatus | 'continued_as_new';
  closedAt: string | null;
  /** Set whenever the chain goes on, whatever the status says: continue-as-new, a retry, the next cron run. */
  newRunId: string | null;
  result: Payload[] | null;
  failure: ProtoFailure | null;
  retryState: number | null;
  /** Who terminated it. */
  identity: string | null;
  reason: string | null;
}

/** Reads the last event of a run; `null` when it is not one that closes a run. */
export function readRunEnd(event: HistoryEvent | null | undefined): RunEnd | null {
  if (!event) return null;
  const end: Omit<RunEnd, 'status'> = {
    closedAt: toTimestamp(event.eventTime),
    newRunId: null,
    result: null,
    failure: null,
    retryState: null,
    identity: null,
    reason: null,
  };
  const completed = event.workflowExecutionCompletedEventAttributes;
  if (completed) {
    const result = (completed.result?.payloads ?? null) as Payload[] | null;
    return { ...end, status: 'completed', newRunId: completed.newExecutionRunId || null, result };
  }
  const failed = event.workflowExecutionFailedEventAttributes;
  if (failed) {
    const { failure = null, retryState = null } = failed;
    return { ...end, status: 'failed', newRunId: failed.newExecutionRunId || null, failure, retryState };
  }
  const timedOut = event.workflowExecutionTimedOutEventAttributes;
  if (timedOut) {
    const { retryState = null } = timedOut;
    return { ...end, status: 'timed_out', newRunId: timedOut.newExecutionRunId || null, retryState };
  }
  const terminated = event.workflowExecutionTerminatedEventAttributes;
  if (terminated) {
    return {
      ...end,
      status: 'terminated',
      identity: terminated.identity || null,
      reason: terminated.reason || null,
    };
  }
  if (event.workflowExecutionCanceledEventAttributes) return { ...end, status: 'cancelled' };
  const continued = event.workflowExecutionContinuedAsNewEventAttributes;
  if (continued) {
    const { failure = null } = continued;
    return { ...end, status: 'continued_as_new', newRunId: continued.newExecutionRunId || null, failure };
  }
  return null;
}
