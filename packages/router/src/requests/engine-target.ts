import type { EngineTarget, RequestedExecution } from '@runledger/contracts';
import { ExecutionError } from '@runledger/contracts';

/** Where an execution is in Temporal. @throws ExecutionError `illegal_transition` (direct execution) */
export function requireTarget(execution: RequestedExecution): EngineTarget {
  const { id, engine, temporalNamespace, temporalWorkflowId, temporalRunId, currentRunId } = execution;
  if (engine === 'none' || temporalNamespace === null || temporalWorkflowId === null)
    throw new ExecutionError(
      'illegal_transition',
      `The execution ${id} does not run in Temporal; whoever runs it reports its end with markCancelled or markTerminated.`,
    );
  return {
    namespace: temporalNamespace,
    temporalWorkflowId,
    firstRunId: temporalRunId,
    known: { runId: currentRunId, cancel: execution.cancelRequestedAt !== null },
  };
}
