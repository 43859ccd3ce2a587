import type { EngineTarget, ResetRequest, ResetResult } from '@runledger/contracts';
import type { temporal } from '@temporalio/proto';
import { describeTarget } from './describe-target.ts';
import { isUnknownWorkflow, toExecutionError } from './grpc-error.ts';
import { shrinkingPage } from './shrinking-page.ts';
import type { TemporalCalls } from './temporal-calls.ts';

type HistoryEvent = temporal.api.history.v1.IHistoryEvent;
interface RunPlace {
  namespace: string;
  execution: { workflowId: string; runId: string };
}

/** Events asked for at once: a first or last workflow task is mostly within a few. */
const EVENTS = 100;

/**
 * Lets the newest run of the target's chain go on anew from its first or last completed workflow task; Temporal ends it where
 * it is still open, and signals that came later are delivered again. A chain whose workflow id was used again is left
 * alone: resetting it would end the other one.
 */
export async function resetExecution(
  call: TemporalCalls,
  target: EngineTarget,
  request: ResetRequest,
): Promise<ResetResult> {
  try {
    const found = await describeTarget(call, target);
    if (found.kind === 'not_found' || found.kind === 'superseded') return { kind: found.kind };
    const execution = { workflowId: target.temporalWorkflowId, runId: found.runId };
    const eventId = await findTask(call, { namespace: target.namespace, execution }, request.to);
    if (eventId === null) return { kind: 'no_task' };
    const { runId } = await call((service) =>
      service.resetWorkflowExecution({
        namespace: target.namespace,
        workflowExecution: execution,
        reason: `${request.reason} (asked by ${request.actor})`,
        requestId: request.requestId,
        workflowTaskFinishEventId: eventId,
        identity: request.actor,
      }),
    );
    return { kind: 'reset', runId };
  } catch (error) {
    if (isUnknownWorkflow(error)) return { kind: 'not_found' };
    throw toExecutionError(error, `reset workflow ${target.temporalWorkflowId}`);
  }
}

/** The id of the event that completed the run's first or last workflow task; `null` where none was completed. */
async function findTask(call: TemporalCalls, place: RunPlace, to: ResetRequest['to']) {
  let nextPageToken: Uint8Array | undefined;
  let size = EVENTS;
  do {
    const answer = await shrinkingPage(size, (maximumPageSize) => {
      const asked = { ...place, maximumPageSize, nextPageToken };
      return call((service) =>
        to === 'first' ? service.getWorkflowExecutionHistory(asked) : service.getWorkflowExecutionHistoryReverse(asked),
      );
    });
    size = answer.size;
    const events: HistoryEvent[] = answer.page.history?.events ?? [];
    const found = events.find((event) => event.workflowTaskCompletedEventAttributes);
    if (found?.eventId) return found.eventId;
    nextPageToken = answer.page.nextPageToken?.length ? answer.page.nextPageToken : undefined;
  } while (nextPageToken);
  return null;
}
