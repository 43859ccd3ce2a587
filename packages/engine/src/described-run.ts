import type { temporal } from '@temporalio/proto';
import proto from '@temporalio/proto';
import { toDurationText, toTimestamp } from './timestamp.ts';

/** What describe says about one run. */
export interface DescribedRun {
  runId: string;
  /** `null` from servers that do not say. */
  firstRunId: string | null;
  /** Temporal's name without its prefix (`RUNNING`), or its number for a status this package does not know. */
  status: string;
  startedAt: string | null;
  closedAt: string | null;
  /** Whether somebody asked it to cancel; null: the server is too old to say. */
  cancelRequested: boolean | null;
  /** Which attempt its pending workflow task is at; 0 without one. */
  taskAttempt: number;
  /** Since when its workflow task waits for a worker; `null` without one that waits. */
  taskWaitsSince: string | null;
  workflowType: string;
  /** The queue of its workflow tasks. */
  taskQueue: string | null;
  /** Activities that are not over. A closed run still has those that were under way when it ended. */
  pendingActivities: temporal.api.workflow.v1.IPendingActivityInfo[];
  /** The run that a reset of this one started. */
  resetRunId: string | null;
  executionTimeout: string | null;
  runTimeout: string | null;
  /** When the execution timeout of the whole chain strikes. */
  expiresAt: string | null;
  /** 0 from servers that do not say. */
  historyEvents: number;
  historyBytes: number;
}

/** The statuses that say a run is over. Any other, one from a future server too, counts as open: it is never an end. */
const CLOSED = {
  COMPLETED: 'completed',
  FAILED: 'failed',
  CANCELED: 'cancelled',
  TERMINATED: 'terminated',
  CONTINUED_AS_NEW: 'continued_as_new',
  TIMED_OUT: 'timed_out',
} as const;

export function closedStatus(status: string): (typeof CLOSED)[keyof typeof CLOSED] | null {
  return Object.hasOwn(CLOSED, status) ? CLOSED[status as keyof typeof CLOSED] : null;
}

export function readDescribedRun(
  response: temporal.api.workflowservice.v1.IDescribeWorkflowExecutionResponse,
): DescribedRun {
  const info = response.workflowExecutionInfo ?? {};
  const extended = response.workflowExtendedInfo ?? {};
  const config = response.executionConfig ?? {};
  const task = response.pendingWorkflowTask;
  const { PENDING_WORKFLOW_TASK_STATE_SCHEDULED } = proto.temporal.api.enums.v1.PendingWorkflowTaskState;
  const name = proto.temporal.api.enums.v1.WorkflowExecutionStatus[info.status ?? 0];
  return {
    runId: info.execution?.runId ?? '',
    firstRunId: info.firstRunId || null,
    status: name?.replace('WORKFLOW_EXECUTION_STATUS_', '') ?? String(info.status),
    startedAt: toTimestamp(info.startTime),
    closedAt: toTimestamp(info.closeTime),
    taskAttempt: task?.attempt ?? 0,
    taskWaitsSince:
      task?.state === PENDING_WORKFLOW_TASK_STATE_SCHEDULED
        ? toTimestamp(task.originalScheduledTime ?? task.scheduledTime)
        : null,
    workflowType: info.type?.name ?? '',
    taskQueue: config.taskQueue?.normalName || config.taskQueue?.name || null,
    pendingActivities: response.pendingActivities ?? [],
    cancelRequested: response.workflowExtendedInfo ? extended.cancelRequested === true : null,
    resetRunId: extended.resetRunId || null,
    executionTimeout: toDurationText(config.workflowExecutionTimeout),
    runTimeout: toDurationText(config.workflowRunTimeout),
    expiresAt: toTimestamp(extended.executionExpirationTime),
    historyEvents: Number(info.historyLength ?? 0),
    historyBytes: Number(info.historySizeBytes ?? 0),
  };
}
