import { randomUUID } from 'node:crypto';
import type { ControlRequest, ControlResult, EngineTarget } from '@runledger/contracts';
import { closedStatus, readDescribedRun } from './described-run.ts';
import { GRPC, grpcCode, isUnknownWorkflow, toExecutionError } from './grpc-error.ts';
import type { TemporalCalls } from './temporal-calls.ts';

/** How often a chain that goes on between the look and the request is looked at again. */
const LOOKS = 5;

/**
 * Asks Temporal to cancel or terminate the open run of the target's chain, and names that run: neither a run that the
 * request was not meant for nor a workflow id that was used again is hit. The actor goes in as the call's identity, so
 * Temporal's own history says who it was.
 */
export async function controlExecution(
  call: TemporalCalls,
  verb: 'cancel' | 'terminate',
  target: EngineTarget,
  request: ControlRequest,
): Promise<ControlResult> {
  try {
    for (let look = 1; ; look += 1) {
      // Temporal takes a cancel of a closed run without a word, so look first.
      const found = await describeTarget(call, target);
      if (found.kind !== 'open') return found.kind;
      if (request.runId && request.runId !== found.runId) return 'gone_on';
      const isTaken = await ask(call, verb, { target, request, runId: found.runId });
      if (isTaken) return 'requested';
      // The run was over by then; the chain may have gone on.
      if (request.runId || look >= LOOKS) return 'already_closed';
    }
  } catch (error) {
    throw toExecutionError(error, `${verb} workflow ${target.temporalWorkflowId}`);
  }
}

/** Answers whether the run took the request; `false` when it had closed. */
async function ask(
  call: TemporalCalls,
  verb: 'cancel' | 'terminate',
  { target, request, runId }: { target: EngineTarget; request: ControlRequest; runId: string },
): Promise<boolean> {
  const named = {
    namespace: target.namespace,
    workflowExecution: { workflowId: target.temporalWorkflowId, runId },
    identity: request.actor,
    reason: request.reason,
  };
  try {
    await call((service) =>
      verb === 'cancel'
        ? service.requestCancelWorkflowExecution({ ...named, requestId: randomUUID() })
        : service.terminateWorkflowExecution(named),
    );
    return true;
  } catch (error) {
    // Somebody else asked it to cancel before.
    if (grpcCode(error) === GRPC.alreadyExists) return true;
    if (isUnknownWorkflow(error)) return false;
    throw error;
  }
}

type TargetState = { kind: 'open'; runId: string } | { kind: 'already_closed' } | { kind: 'not_found' };

/** How the newest run of the target's chain stands; a chain whose workflow id was used again is closed. */
async function describeTarget(call: TemporalCalls, target: EngineTarget): Promise<TargetState> {
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
      if (known.firstRunId !== firstRunId) return { kind: 'already_closed' };
    }
    return closedStatus(current.status) === null ? { kind: 'open', runId: current.runId } : { kind: 'already_closed' };
  } catch (error) {
    if (isUnknownWorkflow(error)) return { kind: 'not_found' };
    throw error;
  }
}
