import type { RunDescription } from '@runledger/contracts';
import { closedStatus } from './described-run.ts';
import { toExecutionError } from './grpc-error.ts';
import type { RunRef } from './run-history.ts';
import { createRunHistory } from './run-history.ts';
import type { TemporalCalls } from './temporal-calls.ts';

/** The run that is named, or the newest of its workflow id: one call, two where the server does not tell first runs. */
export async function describeRun(call: TemporalCalls, ref: RunRef): Promise<RunDescription | null> {
  const history = createRunHistory(call);
  try {
    const run = await history.describe(ref);
    if (!run) return null;
    const firstRunId = run.firstRunId ?? (await history.start({ ...ref, runId: run.runId }))?.firstRunId ?? null;
    if (firstRunId === null || run.startedAt === null) return null;
    const { runId, workflowType, taskQueue, startedAt } = run;
    return { runId, firstRunId, workflowType, taskQueue, startedAt, isOpen: closedStatus(run.status) === null };
  } catch (error) {
    throw toExecutionError(error, `read workflow ${ref.temporalWorkflowId}`);
  }
}
