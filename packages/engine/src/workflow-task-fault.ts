import type { temporal } from '@temporalio/proto';
import proto from '@temporalio/proto';
import type { ProtoFailure } from './failure.ts';

type HistoryEvent = temporal.api.history.v1.IHistoryEvent;
type Failed = temporal.api.history.v1.IWorkflowTaskFailedEventAttributes;

/** Whether a workflow task failed: a reset marks where it begins with such an event too, though nothing failed. */
export function isTaskFault({ cause, newRunId }: Failed): boolean {
  return (
    !newRunId && cause !== proto.temporal.api.enums.v1.WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_RESET_WORKFLOW
  );
}

/** Why a workflow task failed; in words of ours where Temporal has no message, and for one that timed out. */
export function taskFailureOf(event: HistoryEvent): ProtoFailure {
  const failed = event.workflowTaskFailedEventAttributes;
  if (!failed) return { message: 'Its workflow task timed out: the worker took it and did not answer' };
  if (failed.failure?.message || failed.failure?.cause) return failed.failure;
  const cause = proto.temporal.api.enums.v1.WorkflowTaskFailedCause[failed.cause ?? 0] as string | undefined;
  const words = (cause ?? String(failed.cause)).replace('WORKFLOW_TASK_FAILED_CAUSE_', '').replaceAll('_', ' ');
  return { message: `Its workflow task failed: ${words.toLowerCase()}` };
}
