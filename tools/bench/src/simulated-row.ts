import type { UnsettledExecution } from '@runledger/contracts';

/** A running execution as the monitor holds it, of which only id, workflow and start matter here. */
export function simulatedRow(executionId: string, startedMs: number): { row: UnsettledExecution; readAt: number } {
  const row: UnsettledExecution = {
    executionId,
    workflowId: 'simulated',
    namespace: 'default',
    temporalWorkflowId: executionId,
    firstRunId: executionId,
    currentRunId: executionId,
    closingRunId: null,
    status: 'running',
    authority: null,
    startedAt: new Date(startedMs).toISOString(),
    registeredAt: null,
    engineStartedAt: null,
    firstTaskAt: null,
    runCount: 1,
    lacksInput: false,
    reportedAt: null,
    reportedForMs: null,
    cancelRequestedAt: null,
    cancelRequestedBy: null,
    cancelReason: null,
    startBy: null,
    isPastStartBy: false,
    lastCheckAt: null,
    health: null,
    lostAt: null,
    revision: 1,
  };
  return { row, readAt: 0 };
}
