import type { EngineTarget, UnsettledExecution } from '@runledger/contracts';

/** Where an execution is in Temporal, with what the ledger holds of it already. */
export function engineTarget(row: UnsettledExecution): EngineTarget {
  const { namespace, workflowId, firstRunId, currentRunId } = row;
  const known = { runId: currentRunId, cancel: row.cancelRequestedAt !== null, input: !row.lacksInput };
  return { namespace, workflowId, firstRunId, known };
}
