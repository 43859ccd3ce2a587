import type { ControlResult, EngineTarget, SignalRequest } from '@runledger/contracts';
import { ExecutionError } from '@runledger/contracts';
import type { LoadedDataConverter } from '@temporalio/common';
import { encodeToPayloads } from '@temporalio/common/lib/internal-non-workflow/index.js';
import { describeTarget } from './describe-target.ts';
import { isUnknownWorkflow, toExecutionError } from './grpc-error.ts';
import { LOOKS } from './looks.ts';
import { CodecUnavailable, codecAway } from './remote-codec.ts';
import type { TemporalCalls } from './temporal-calls.ts';

/** Signals the open run of the target's chain, and no run that it was not meant for. Temporal takes a request id once. */
export async function signalExecution(
  { call, converter }: { call: TemporalCalls; converter: LoadedDataConverter },
  target: EngineTarget,
  request: SignalRequest,
): Promise<ControlResult> {
  const payloads = await encodeInput(converter, request);
  try {
    for (let look = 1; ; look += 1) {
      const found = await describeTarget(call, target);
      if (found.kind === 'not_found') return 'not_found';
      if (found.kind !== 'open') return 'already_closed';
      const signal = {
        namespace: target.namespace,
        workflowExecution: { workflowId: target.temporalWorkflowId, runId: found.runId },
        signalName: request.name,
        input: payloads && { payloads },
        identity: request.actor,
        requestId: request.requestId,
      };
      if (await isTaken(call((service) => service.signalWorkflowExecution(signal)))) return 'requested';
      // The run was over by then; the chain may have gone on.
      if (look >= LOOKS) return 'already_closed';
    }
  } catch (error) {
    throw toExecutionError(error, `signal workflow ${target.temporalWorkflowId}`);
  }
}

async function encodeInput(converter: LoadedDataConverter, { input, name }: SignalRequest) {
  if (input === undefined) return undefined;
  try {
    return await encodeToPayloads(converter, input);
  } catch (error) {
    if (error instanceof CodecUnavailable) throw codecAway(error);
    throw new ExecutionError('engine_refused', `The input of the signal ${name} could not be encoded.`, {
      cause: error,
    });
  }
}

async function isTaken(signal: Promise<unknown>): Promise<boolean> {
  try {
    await signal;
    return true;
  } catch (error) {
    if (isUnknownWorkflow(error)) return false;
    throw error;
  }
}
