import type { Execution, PendingStart, StartOptions, Workflow } from '@runledger/contracts';

/** What is to be started for an execution that was just admitted; its id becomes the Temporal workflow id. */
export function pendingStartOf(
  execution: Pick<Execution, 'id' | 'input' | 'createdBy'>,
  workflow: Workflow,
  options: StartOptions = {},
): PendingStart {
  return {
    executionId: execution.id,
    namespace: workflow.temporalNamespace,
    temporalWorkflowId: execution.id,
    workflowType: workflow.workflowType,
    taskQueue: workflow.taskQueue,
    input: execution.input,
    executionTimeout: options.executionTimeout ?? workflow.executionTimeout,
    runTimeout: options.runTimeout ?? workflow.runTimeout,
    ...(options.startDelayMs === undefined ? {} : { startDelayMs: options.startDelayMs }),
    retryPolicy: workflow.retryPolicy,
    userId: execution.createdBy,
  };
}
