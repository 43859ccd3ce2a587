import type { Connection } from '@temporalio/client';
import { WorkflowClient, WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import proto from '@temporalio/proto';
import { MONITOR_VERSION } from './monitor-version.ts';
import type { runledgerMonitor } from './monitor-workflow.ts';

/** Where the monitor's workflow and activity run, unless told otherwise; the version is appended. */
export const MONITOR_TASK_QUEUE = 'runledger-monitor';

/** A worker that is alive polls at least once a minute; without a poll for longer nobody is there. */
const ABANDONED_AFTER_MS = 150_000;

export interface EnsureMonitorWorkflowOptions {
  namespace: string;
  /** Default `runledger-monitor`. */
  taskQueue?: string;
  /** Longest wait for Temporal, in milliseconds. Default 10,000. */
  timeoutMs?: number;
  /** The version of this worker. Default: that of this package. */
  version?: number;
  /** How long a monitor's workers may be gone before others take over from a newer version. Default 150,000 ms. */
  abandonedAfterMs?: number;
}

/**
 * - `started`: it runs now, by this call. `already_running`: it ran already, for workers like this one.
 * - `taken_over`: it ran for workers of an older version, or for workers that are gone; now it runs for those like this.
 * - `newer_running`: workers of a newer version run it; this one stands by.
 */
export type MonitorWorkflow = 'started' | 'already_running' | 'taken_over' | 'newer_running';

/** The task queue of the workers of one version: an older one never gets a newer one's tasks. */
export function monitorTaskQueue(taskQueue: string = MONITOR_TASK_QUEUE, version: number = MONITOR_VERSION): string {
  return `${taskQueue}-v${version}`;
}

/** The workflow id of a namespace's one monitor. */
export function monitorWorkflowId(namespace: string): string {
  return `runledger-monitor-${namespace}`;
}

/**
 * Starts the namespace's one monitor workflow, unless it runs. Cheap enough to be repeated: whoever terminates it, or
 * loses the server's data, gets it back. Stop the monitor by stopping its workers.
 *
 * Rejects with the client's own error when Temporal cannot be reached or refuses.
 */
export async function ensureMonitorWorkflow(
  connection: Connection,
  options: EnsureMonitorWorkflowOptions,
): Promise<MonitorWorkflow> {
  const { namespace, taskQueue, timeoutMs = 10_000, version = MONITOR_VERSION } = options;
  const client = new WorkflowClient({ connection, namespace });
  const queue = monitorTaskQueue(taskQueue, version);

  async function start(conflict: 'FAIL' | 'TERMINATE_EXISTING'): Promise<void> {
    await client.start<typeof runledgerMonitor>('runledgerMonitor', {
      workflowId: monitorWorkflowId(namespace),
      taskQueue: queue,
      args: [],
      memo: { version },
      workflowIdConflictPolicy: conflict,
      staticSummary: 'Follows executions and records how they end',
    });
  }

  return await client.withDeadline(Date.now() + timeoutMs, async () => {
    try {
      const running = await client.getHandle(monitorWorkflowId(namespace)).describe();
      if (running.status.name === 'RUNNING') {
        if (running.taskQueue === queue) return 'already_running';
        const theirs = typeof running.memo?.version === 'number' ? running.memo.version : 0;
        const idleMs = options.abandonedAfterMs ?? ABANDONED_AFTER_MS;
        if (theirs >= version && !(await isAbandoned(connection, { namespace, queue: running.taskQueue, idleMs }))) {
          return theirs === version ? 'already_running' : 'newer_running';
        }
        await start('TERMINATE_EXISTING');
        return 'taken_over';
      }
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
    try {
      await start('FAIL');
      return 'started';
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError) return 'already_running';
      throw error;
    }
  });
}

/** Whether no worker has asked that task queue for work of late. A holder that works polls for workflow tasks still. */
async function isAbandoned(
  connection: Connection,
  { namespace, queue, idleMs }: { namespace: string; queue: string; idleMs: number },
): Promise<boolean> {
  const { pollers } = await connection.workflowService.describeTaskQueue({
    namespace,
    taskQueue: { name: queue },
    taskQueueType: proto.temporal.api.enums.v1.TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
  });
  const now = Date.now();
  return !(pollers ?? []).some(({ lastAccessTime }) => now - Number(lastAccessTime?.seconds ?? 0) * 1_000 < idleMs);
}
