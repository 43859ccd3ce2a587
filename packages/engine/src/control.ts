import { randomUUID } from 'node:crypto';
import type { ControlRequest, ControlResult, EngineTarget } from '@runledger/contracts';
import { describeTarget } from './describe-target.ts';
import { GRPC, grpcCode, isUnknownWorkflow, toExecutionError } from './grpc-error.ts';
import { LOOKS } from './looks.ts';
import type { TemporalCalls } from './temporal-calls.ts';

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
      if (found.kind === 'not_found') return 'not_found';
      if (found.kind !== 'open') return 'already_closed';
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
