import type { ExecutionService } from '@runledger/execution-service';

interface Work {
  workflowId: string;
  userId: string;
  input: Record<string, string>;
}

/** Runs a piece of work that knows nothing of Temporal, and records how it ended. */
export async function record<T extends object>(
  executions: ExecutionService,
  { workflowId, userId, input }: Work,
  run: () => Promise<T>,
): Promise<string> {
  const { id } = await executions.createExecution({ workflowId, userId, input });
  const began = performance.now();
  const tookMs = () => Math.round(performance.now() - began);
  try {
    await executions.markCompleted(id, await run(), tookMs());
  } catch (error) {
    await executions.markFailed(id, error as Error, tookMs());
  }
  return id;
}
