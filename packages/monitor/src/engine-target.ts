import type { EngineTarget, UnsettledExecution } from '@runledger/contracts';

/** Where an execution is in Temporal, with what the ledger holds of it already. */
export function engineTarget(row: UnsettledExecution): EngineTarget {
  const { namespace, workflowId, firstRunId, currentRunId } = row;
  return { namespace, workflowId, firstRunId, known: { runId: currentRunId, cancel: row.cancelRequestedAt !== null } };
}
