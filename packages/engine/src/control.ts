import { randomUUID } from 'node:crypto';
import type { ControlRequest, ControlResult, EngineTarget } from '@runledger/contracts';
import { closedStatus, readDescribedRun } from './described-run.ts';
import { GRPC, grpcCode, isUnknownWorkflow, toExecutionError } from './grpc-error.ts';
import type { TemporalCalls } from './temporal-calls.ts';

/**
 * Asks Temporal to cancel or terminate the current run of the target's chain. The first run id, where known, keeps a
 * workflow id that was used again from being hit. The actor goes in as the call's identity, so Temporal's own history
 * says who it was.
 */
export async function controlExecution(
  call: TemporalCalls,
  verb: 'cancel' | 'terminate',
  target: EngineTarget,
  { actor, reason }: ControlRequest,
): Promise<ControlResult> {
  try {
    // Temporal takes a cancel of a closed execution without a word, so look first.
    const standing = await describeTarget(call, target);
    if (standing.kind !== 'open') return standing.kind;
    const request = {
      namespace: target.namespace,
      workflowExecution: { workflowId: target.workflowId },
      firstExecutionRunId: standing.firstRunId ?? undefined,
      identity: actor,
      reason,
    };
    await call((service) =>
      verb === 'cancel'
        ? service.requestCancelWorkflowExecution({ ...request, requestId: randomUUID() })
        : service.terminateWorkflowExecution(request),
    );
    return 'requested';
  } catch (error) {
    if (grpcCode(error) === GRPC.alreadyExists) return 'requested';
    // It was open a moment ago.
    if (isUnknownWorkflow(error)) return 'already_closed';
    throw toExecutionError(error, `${verb} workflow ${target.workflowId}`);
  }
}

type TargetStanding = { kind: 'open'; firstRunId: string | null } | { kind: 'already_closed' } | { kind: 'not_found' };

/** How the newest run of the target's chain stands; a chain whose workflow id was used again is closed. */
async function describeTarget(call: TemporalCalls, target: EngineTarget): Promise<TargetStanding> {
  const { namespace, workflowId } = target;
  const describe = async (runId?: string) =>
    readDescribedRun(
      await call((service) => service.describeWorkflowExecution({ namespace, execution: { workflowId, runId } })),
    );
  try {
    const current = await describe();
    const { firstRunId } = current;
    if (target.firstRunId && firstRunId && target.firstRunId !== firstRunId) {
      // Unless the run is of the current chain: somebody recorded a later run as the first.
      if ((await describe(target.firstRunId)).firstRunId !== firstRunId) return { kind: 'already_closed' };
    }
    return closedStatus(current.status) === null ? { kind: 'open', firstRunId } : { kind: 'already_closed' };
  } catch (error) {
    if (isUnknownWorkflow(error)) return { kind: 'not_found' };
    throw error;
  }
}
