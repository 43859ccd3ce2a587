import type { RunCause } from '@runledger/contracts';
import type { temporal } from '@temporalio/proto';
import proto from '@temporalio/proto';
import { toTimestamp } from './timestamp.ts';

type HistoryEvent = temporal.api.history.v1.IHistoryEvent;

/** How a run of a chain began, read from its first events. Never changes once `firstTaskAt` is known. */
export interface RunStart {
  runId: string;
  firstRunId: string;
  cause: RunCause;
  /** The run before it in the chain; `null` for the first, and where Temporal does not say. */
  previousRunId: string | null;
  /** Time of the started event. A reset run copies its base run's, so prefer what describe says for it. */
  startedAt: string | null;
  firstTaskAt: string | null;
  /** Which try of a workflow retry policy this run is; 1 without one. */
  attempt: number;
}

/** Reads a run's first events (oldest first); `null` when the started event is not among them. */
export function readRunStart(runId: string, events: HistoryEvent[]): RunStart | null {
  const started = events[0];
  const attributes = started?.workflowExecutionStartedEventAttributes;
  if (!started || !attributes) return null;
  const originalRunId = attributes.originalExecutionRunId || runId;
  const wasReset = originalRunId !== runId;
  const firstTask = events.find((event) => event.workflowTaskStartedEventAttributes);
  return {
    runId,
    firstRunId: attributes.firstExecutionRunId || runId,
    cause: wasReset ? 'reset' : causeOf(attributes),
    previousRunId: (wasReset ? originalRunId : attributes.continuedExecutionRunId) || null,
    startedAt: toTimestamp(started.eventTime),
    firstTaskAt: toTimestamp(firstTask?.eventTime),
    attempt: attributes.attempt || 1,
  };
}

function causeOf(attributes: temporal.api.history.v1.IWorkflowExecutionStartedEventAttributes): RunCause {
  const { ContinueAsNewInitiator } = proto.temporal.api.enums.v1;
  if (!attributes.continuedExecutionRunId) return 'start';
  switch (attributes.initiator) {
    case ContinueAsNewInitiator.CONTINUE_AS_NEW_INITIATOR_RETRY:
      return 'retry';
    case ContinueAsNewInitiator.CONTINUE_AS_NEW_INITIATOR_CRON_SCHEDULE:
      return 'cron';
    default:
      return 'continue_as_new';
  }
}
