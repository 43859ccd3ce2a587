import type { AdmitRequest, StartOptions, Workflow } from '@runledger/contracts';
import { durationMs, ExecutionError, givenColumns, isExecutionError } from '@runledger/contracts';
import type { CallerContext } from './context.ts';
import type { CreateExecutionRequest } from './create-request.ts';
import type { ExecutionRules } from './execution-rules.ts';
import { refuseLarge, refuseManyParts } from './refuse-large.ts';
import { workflowNotFound } from './workflow-not-found.ts';

/** A request to create, and what it repeats. */
export type StartRequest = CreateExecutionRequest &
  Pick<AdmitRequest, 'rerunOf'> & {
    /** Its metadata is that of the execution that it repeats: whatever may be given by now, it was taken then. */
    keepsMetadata?: boolean;
  };

/**
 * Checks a request by its workflow, and says what the ledger is to admit. A workflow that is known already is believed, which
 * holds only where the ledger finds it unchanged; nobody is refused by it before it was read `anew`.
 */
export async function checkRequest(
  ctx: CallerContext,
  rules: ExecutionRules,
  request: StartRequest,
  { anew }: { anew: boolean },
): Promise<AdmitRequest> {
  const { userId } = ctx.caller;
  const known = anew ? null : rules.workflows.known(ctx.workflows, userId, request.workflowId);
  if (known) {
    try {
      return await checkBy(known, ctx, rules, request);
    } catch (refusal) {
      if (isExecutionError(refusal) && refusal.code === 'rate_limited') throw refusal;
    }
  }
  const workflow = await rules.workflows.read(ctx.workflows, userId, request.workflowId);
  if (!workflow) throw workflowNotFound(request.workflowId);
  return checkBy(workflow, ctx, rules, request);
}

async function checkBy(
  workflow: Workflow,
  ctx: CallerContext,
  rules: ExecutionRules,
  request: StartRequest,
): Promise<AdmitRequest> {
  const { userId } = ctx.caller;
  const { input = null, idempotencyKey = null, rerunOf } = request;
  requireOwnForKey(ctx.caller, workflow);
  refuseUnfit(rules, workflow, request);
  refuseLonger(workflow, request);
  if (workflow.inputSchema) await rules.schemas.validate(workflow.inputSchema, input, userId);
  const startOptions = startOptionsOf(request);
  const more = { ...(rerunOf ? { rerunOf } : {}), ...(startOptions ? { startOptions } : {}) };
  return {
    workflow,
    userId,
    input,
    idempotencyKey,
    ...givenColumns(request),
    ...more,
    startWithinMs: rules.limits.startWithinMs,
  };
}

/** A program starts what the user whose key it has owns, not what others publish. @throws ExecutionError `permission_denied` */
function requireOwnForKey({ key, userId }: CallerContext['caller'], workflow: Workflow): void {
  if (!key || workflow.userId === userId) return;
  const whose = `The workflow ${workflow.name} is not of the user whose key ${key.name} is`;
  throw new ExecutionError('permission_denied', `${whose}: a key starts executions of that user's own workflows.`);
}

/** `undefined` where the request leaves all of it to its workflow. */
export function startOptionsOf({
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

function refuseUnfit(
  { limits, requireStartable }: ExecutionRules,
  workflow: Workflow,
  { input = null, metadata, keepsMetadata = false }: StartRequest,
): void {
  if (workflow.archivedAt !== null)
    throw new ExecutionError('not_startable', `The workflow ${workflow.name} is archived; its owner can restore it.`);
  requireStartable({ namespace: workflow.temporalNamespace, ...workflow });
  refuseLarge('input', input, limits.inputBytes);
  if (keepsMetadata) return;
  refuseLarge('metadata', metadata, limits.metadataBytes);
  refuseManyParts('metadata', metadata, limits.metadataParts);
}
