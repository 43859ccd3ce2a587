import type { EngineTarget, UnsettledExecution } from '@runledger/contracts';

/** Where an execution is in Temporal, with what the ledger holds of it already. */
export function engineTarget(row: UnsettledExecution): EngineTarget {
  const { namespace, temporalWorkflowId, firstRunId, currentRunId } = row;
  const known = { runId: currentRunId, cancel: row.cancelRequestedAt !== null, input: !row.lacksInput };
  // Its first run was corrected, and then nothing was written any more: those before the current one are still to be read.
  const lacksRuns = row.runCount === 1 && currentRunId !== firstRunId;
  return { namespace, temporalWorkflowId, firstRunId, known, ...(lacksRuns ? { whole: true } : {}) };
}
