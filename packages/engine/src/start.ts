import { randomUUID } from 'node:crypto';
import type { StartRequest, StartResult } from '@runledger/contracts';
import { ERROR_MESSAGE_LIMIT, ExecutionError, storableText } from '@runledger/contracts';
import type { LoadedDataConverter, RetryPolicy } from '@temporalio/common';
import { compileRetryPolicy } from '@temporalio/common';
import {
  encodeMapToPayloads,
  encodeToPayload,
  encodeToPayloads,
} from '@temporalio/common/lib/internal-non-workflow/index.js';
import type { StringValue } from '@temporalio/common/lib/time.js';
import { msToTs } from '@temporalio/common/lib/time.js';
import type { temporal } from '@temporalio/proto';
import proto from '@temporalio/proto';
import { hasNamespace } from './describe-namespace.ts';
import { readDescribedRun } from './described-run.ts';
import { GRPC, grpcCode, grpcDetails, isRefusedForGood, isUnknownNamespace, toExecutionError } from './grpc-error.ts';
import { CodecUnavailable, codecAway } from './remote-codec.ts';
import type { TemporalCalls } from './temporal-calls.ts';

type StartProto = temporal.api.workflowservice.v1.IStartWorkflowExecutionRequest;

/** Temporal keeps 400 bytes of a summary; a character has at most four. */
const SUMMARY_LIMIT = 90;

/**
 * Starts under the ledger's id, never twice: a taken id is refused by Temporal, and means that an earlier attempt got
 * through. Input `null` starts the workflow without arguments.
 */
export async function startExecution(
  call: TemporalCalls,
  converter: LoadedDataConverter,
  request: StartRequest,
): Promise<StartResult> {
  let start: StartProto;
  try {
    start = await toStartProto(converter, request);
  } catch (error) {
    if (error instanceof CodecUnavailable) throw codecAway(error);
    // A time-out or retry policy that this SDK cannot express, or an input that the converter refuses.
    return refused(error);
  }
  try {
    const answer = await call((service) => service.startWorkflowExecution(start));
    // `firstExecutionRunId` comes from servers since 1.32; for a fresh start both are the same.
    const firstRunId = answer.firstExecutionRunId || answer.runId;
    return { kind: 'started', firstRunId, engineStartedAt: null, alreadyStarted: false };
  } catch (error) {
    if (grpcCode(error) === GRPC.alreadyExists) return describeStarted(call, request);
    if (isUnknownNamespace(error) && (await hasNamespace(call, request.namespace))) throw notQuiteUp(request, error);
    if (isRefusedForGood(error)) return refused(error);
    throw toExecutionError(error, `start workflow ${request.temporalWorkflowId}`);
  }
}

/** The refusal names no first run, and a chain may be runs ahead of it. */
async function describeStarted(call: TemporalCalls, request: StartRequest): Promise<StartResult> {
  const { namespace, temporalWorkflowId: workflowId } = request;
  try {
    const run = readDescribedRun(
      await call((service) => service.describeWorkflowExecution({ namespace, execution: { workflowId } })),
    );
    const firstRunId = run.firstRunId ?? run.runId;
    const engineStartedAt = firstRunId === run.runId ? run.startedAt : null;
    return { kind: 'started', firstRunId, engineStartedAt, alreadyStarted: true };
  } catch (error) {
    if (grpcCode(error) !== GRPC.notFound) throw toExecutionError(error, `describe workflow ${workflowId}`);
    throw new ExecutionError(
      'engine_unavailable',
      `Temporal says that workflow ${workflowId} was started, and does not know it yet; it is tried again.`,
      { cause: error },
    );
  }
}

function notQuiteUp({ namespace }: StartRequest, cause: unknown): ExecutionError {
  return new ExecutionError(
    'engine_unavailable',
    `Temporal has the namespace ${namespace}, and did not know it a moment ago, as while it starts or stops; it is tried again.`,
    { cause },
  );
}

function refused(error: unknown): StartResult {
  const message = storableText(grpcDetails(error), ERROR_MESSAGE_LIMIT);
  return { kind: 'refused', failure: { type: 'StartRefused', message, nonRetryable: true } };
}

async function toStartProto(converter: LoadedDataConverter, request: StartRequest): Promise<StartProto> {
  const { WorkflowIdReusePolicy, WorkflowIdConflictPolicy } = proto.temporal.api.enums.v1;
  return {
    namespace: request.namespace,
    workflowId: request.temporalWorkflowId,
    workflowType: { name: request.workflowType },
    taskQueue: { name: request.taskQueue },
    input: request.input === null ? undefined : { payloads: await encodeToPayloads(converter, request.input) },
    workflowExecutionTimeout: duration(request.executionTimeout),
    workflowRunTimeout: duration(request.runTimeout),
    workflowStartDelay: request.startDelayMs ? msToTs(request.startDelayMs) : undefined,
    retryPolicy: request.retryPolicy ? compileRetryPolicy(request.retryPolicy as RetryPolicy) : undefined,
    workflowIdReusePolicy: WorkflowIdReusePolicy.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE,
    workflowIdConflictPolicy: WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_FAIL,
    identity: 'runledger',
    // The same for all attempts of this call, so that a retry on a lost answer is not taken for a second start.
    requestId: randomUUID(),
    memo: { fields: await encodeMapToPayloads(converter, { runledgerUser: request.userId }) },
    userMetadata: {
      summary: await encodeToPayload(converter, storableText(`For user ${request.userId}`, SUMMARY_LIMIT)),
    },
  };
}

/** `30s`, `15m`, `2h`, `7d` as Temporal takes it. @throws TypeError for anything else */
function duration(text: string | null) {
  return text === null ? undefined : msToTs(text as StringValue);
}
