import type { ExecutionService } from '@runledger/contracts';

export interface RecordActivities {
  recordCompleted(executionId: string, output: unknown): Promise<void>;
  recordFailed(executionId: string, message: string): Promise<void>;
}

/** The last step of a workflow that records its own end. */
export function createRecordActivities(
  service: Pick<ExecutionService, 'markCompleted' | 'markFailed'>,
): RecordActivities {
  return {
    async recordCompleted(executionId, output) {
      await service.markCompleted(executionId, output);
    },
    async recordFailed(executionId, message) {
      await service.markFailed(executionId, message);
    },
  };
}
