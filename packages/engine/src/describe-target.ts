import type { EngineTarget } from '@runledger/contracts';
import { closedStatus, readDescribedRun } from './described-run.ts';
import { isUnknownWorkflow } from './grpc-error.ts';
import type { TemporalCalls } from './temporal-calls.ts';

/** How the newest run of a chain stands. `superseded`: its workflow id was used again, by another chain. */
export type TargetState =
  | { kind: 'open'; runId: string }
  | { kind: 'closed'; runId: string }
  | { kind: 'superseded' }
  | { kind: 'not_found' };

/** How the newest run of the target's chain stands. Rejects with gRPC's own error. */
export async function describeTarget(call: TemporalCalls, target: EngineTarget): Promise<TargetState> {
  const { namespace, temporalWorkflowId: workflowId } = target;
  const describe = async (runId?: string) =>
    readDescribedRun(
      await call((service) => service.describeWorkflowExecution({ namespace, execution: { workflowId, runId } })),
    );
  try {
    const current = await describe();
    const { firstRunId } = current;
    if (target.firstRunId && firstRunId && target.firstRunId !== firstRunId) {
      // Unless the run is of the current chain: somebody recorded a later run as the first.
      const known = await describe(target.known?.runId ?? target.firstRunId);
      if (known.firstRunId !== firstRunId) return { kind: 'superseded' };
    }
    return { kind: closedStatus(current.status) === null ? 'open' : 'closed', runId: current.runId };
  } catch (error) {
    if (isUnknownWorkflow(error)) return { kind: 'not_found' };
    throw error;
  }
}
