import type {
  Admission,
  AdmitRequest,
  Execution,
  ExecutionWithWorkflow,
  StartOptions,
  Workflow,
} from '@runledger/contracts';
import {
  durationMs,
  ExecutionError,
  GivenColumns,
  IDEMPOTENCY_KEY_LIMIT,
  isExecutionError,
  Json,
  redactExecution,
  StartDelay,
  TAG_COUNT,
  TAG_LIMIT,
  Timeout,
  WorkflowRef,
} from '@runledger/contracts';
import { pendingStartOf, recordAndRead, startExecution } from '@runledger/starting';
import { z } from 'zod';
import type { CallerContext } from './context.ts';
import type { ExecutionRules } from './execution-rules.ts';
import { jsonBytes } from './limits.ts';
import { hiddenFrom } from './redacted-caller.ts';
import { refuseLarge } from './refuse-large.ts';
import { shortText } from './request.ts';

export const CreateExecutionRequest = z.object({
  // What the row keeps of a request; tags and metadata are bound more tightly below.
  ...GivenColumns.shape,
  /** Its id, or the key of the host's own row that it follows. */
  workflowId: WorkflowRef,
  /** Handed to the workflow as its one argument; `null` when left out. */
  input: Json.optional(),
  tags: z.array(shortText(TAG_LIMIT)).max(TAG_COUNT).default([]),
  metadata: z.record(z.string().max(100), Json).default({}),
  /** How long Temporal waits before it begins. At most 365 days. */
  startDelay: StartDelay.optional(),
  /** Temporal's execution timeout, for the whole chain: at most that of the workflow, where it has one. */
  executionTimeout: Timeout.optional(),
  /** Temporal's run timeout, for each run: at most that of the workflow, where it has one. */
  runTimeout: Timeout.optional(),
  /**
   * The same key of the same user with the same input within 24 hours is the same execution of the workflow, started once. A
   * start that Temporal refused frees it.
   */
  idempotencyKey: shortText(IDEMPOTENCY_KEY_LIMIT).optional(),
});
export type CreateExecutionRequest = z.output<typeof CreateExecutionRequest>;

/**
 * Admits an execution and starts it: two calls of the ledger where its workflow is known already, three where it is not.
 *
 * Once it is admitted the caller always gets it, as it stands: `running`; `failed` with type `StartRefused` when Temporal
 * refuses it for good; or `pending` when Temporal or the database went away meanwhile. A pending one is driven on by the
 * reconciler, so that an error here would only make the caller start it a second time.
 */
export async function createExecution(
  ctx: CallerContext,
  rules: ExecutionRules,
  request: CreateExecutionRequest,
  rerunOf?: AdmitRequest['rerunOf'],
): Promise<ExecutionWithWorkflow> {
  const { workflow, execution, created } = await admit(ctx, rules, { ...request, ...(rerunOf ? { rerunOf } : {}) });
  const { id, name, description, redact } = workflow;
  const withWorkflow = (row: Execution): ExecutionWithWorkflow =>
    redactExecution({ ...row, workflow: { id, name, description, redact } }, hiddenFrom(ctx.caller, workflow));
  if (!created) return withWorkflow(execution);
  const recorder = recordAndRead(ctx.ledger);
  try {
    // The input as it was sent, not as it was read back.
    const pending = pendingStartOf(
      { ...execution, input: request.input ?? null },
      workflow,
      startOptionsOf(request) ?? {},
    );
    await startExecution(pending, { engine: ctx.engine, recorder, source: 'service' });
  } catch (error) {
    ctx.log.warn(
      { err: error, executionId: execution.id, requestId: ctx.requestId },
      'admitted, left to the reconciler',
    );
  }
  return withWorkflow(recorder.recorded() ?? execution);
}

/** A workflow that changes between each reading and the admission by it is given up after this many. */
const ATTEMPTS = 4;

/** Admits a request by its workflow as it is now: a known one is believed only where the ledger finds it unchanged. */
async function admit(
  ctx: CallerContext,
  rules: ExecutionRules,
  request: CreateExecutionRequest & Pick<AdmitRequest, 'rerunOf'>,
): Promise<Admission & { workflow: Workflow }> {
  const { userId } = ctx.caller;
  const { workflowId: ref, input = null, idempotencyKey = null, rerunOf, tags, metadata } = request;
  const startOptions = startOptionsOf(request);
  const given = { tags, metadata, ...(rerunOf ? { rerunOf } : {}), ...(startOptions ? { startOptions } : {}) };
  const { startWithinMs } = rules.limits;
  let isCounted = false;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const known = attempt === 0 ? rules.workflows.known(ctx.workflows, userId, ref) : null;
    const workflow = known ?? (await rules.workflows.read(ctx.workflows, userId, ref));
    if (!workflow) throw workflowNotFound(ref);
    requireOwnForKey(ctx.caller, workflow);
    try {
      refuseUnfit(rules, workflow, { ...request, input });
      refuseLonger(workflow, request);
      if (workflow.inputSchema) await rules.schemas.validate(workflow.inputSchema, input, userId);
    } catch (refusal) {
      const isOfWorkflow = !isExecutionError(refusal) || refusal.code !== 'rate_limited';
      if (known && isOfWorkflow) continue;
      throw refusal;
    }
    if (!isCounted) await ctx.limits?.take('storedBytes', userId, jsonBytes(input) + jsonBytes(request.metadata));
    isCounted = true;
    const admission = await ctx.ledger.admit({ ...given, workflow, userId, input, idempotencyKey, startWithinMs });
    if (admission) return { ...admission, workflow };
  }
  throw new ExecutionError('conflict', `The workflow ${ref} is being changed at this moment. Try again.`);
}

/** A program starts what the user whose key it has owns, not what others publish. @throws ExecutionError `permission_denied` */
function requireOwnForKey({ key, userId }: CallerContext['caller'], workflow: Workflow): void {
  if (!key || workflow.userId === userId) return;
  const whose = `The workflow ${workflow.name} is not of the user whose key ${key.name} is`;
  throw new ExecutionError('permission_denied', `${whose}: a key starts executions of that user's own workflows.`);
}

/** `undefined` where the request leaves all of it to its workflow. */
function startOptionsOf({
  startDelay,
  executionTimeout,
  runTimeout,
}: CreateExecutionRequest): StartOptions | undefined {
  const startDelayMs = startDelay === undefined ? null : durationMs(startDelay);
  const options = {
    ...(startDelayMs === null ? {} : { startDelayMs }),
    ...(executionTimeout === undefined ? {} : { executionTimeout }),
    ...(runTimeout === undefined ? {} : { runTimeout }),
  };
  return Object.keys(options).length > 0 ? options : undefined;
}

/** @throws ExecutionError `invalid_input` where a request wants more time than its workflow gives */
function refuseLonger(workflow: Workflow, request: CreateExecutionRequest): void {
  for (const name of ['executionTimeout', 'runTimeout'] as const) {
    const [asked, most] = [request[name], workflow[name]];
    if (asked === undefined || most === null) continue;
    if ((durationMs(asked) ?? 0) <= (durationMs(most) ?? Number.POSITIVE_INFINITY)) continue;
    const problem = `must be at most ${most}, as the workflow ${workflow.name} says`;
    throw new ExecutionError('invalid_input', `${name} ${problem}.`, { fields: { [name]: [problem] } });
  }
}

export function workflowNotFound(id: string): ExecutionError {
  return new ExecutionError(
    'not_found',
    `There is no workflow ${id} that you may use; see workflow.list for those you may.`,
  );
}

function refuseUnfit(
  { limits, requireStartable }: ExecutionRules,
  workflow: Workflow,
  { input, metadata }: { input: Json | null; metadata: Record<string, Json> },
): void {
  if (workflow.archivedAt !== null)
    throw new ExecutionError('not_startable', `The workflow ${workflow.name} is archived; its owner can restore it.`);
  requireStartable({ namespace: workflow.temporalNamespace, ...workflow });
  refuseLarge('input', input, limits.inputBytes);
  refuseLarge('metadata', metadata, limits.metadataBytes);
}
