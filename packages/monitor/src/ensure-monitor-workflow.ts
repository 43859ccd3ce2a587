import type { Connection } from '@temporalio/client';
import { WorkflowClient, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type { runledgerMonitor } from './monitor-workflow.ts';

/** Where the monitor's workflow and activity run, unless told otherwise. */
export const MONITOR_TASK_QUEUE = 'runledger-monitor';

export interface EnsureMonitorWorkflowOptions {
  namespace: string;
  /** Default `runledger-monitor`. */
  taskQueue?: string;
  /** Longest wait for Temporal, in milliseconds. Default 10,000. */
  timeoutMs?: number;
}

/**
 * Starts the namespace's one monitor workflow, unless it runs. Cheap enough to be repeated: whoever terminates it, or
 * loses the server's data, gets it back. Stop the monitor by stopping its workers.
 *
 * Rejects with the client's own error when Temporal cannot be reached or refuses.
 */
export async function ensureMonitorWorkflow(
  connection: Connection,
  { namespace, taskQueue = MONITOR_TASK_QUEUE, timeoutMs = 10_000 }: EnsureMonitorWorkflowOptions,
): Promise<'started' | 'already_running'> {
  const client = new WorkflowClient({ connection, namespace });
  try {
    await client.withDeadline(Date.now() + timeoutMs, () =>
      client.start<typeof runledgerMonitor>('runledgerMonitor', {
        workflowId: `runledger-monitor-${namespace}`,
        taskQueue,
        args: [],
        staticSummary: 'Follows executions and records how they end',
      }),
    );
    return 'started';
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return 'already_running';
    throw error;
  }
}
