import type { Execution, ExecutionError, ExecutionWithWorkflow } from '@runledger/contracts';
import { breathe, isExecutionError, redactExecution } from '@runledger/contracts';
import { pendingStartOf, recordAndRead, startExecution, startExecutions } from '@runledger/starting';
import type { Admitted } from './admit-execution.ts';
import { admitEach, admitExecution } from './admit-execution.ts';
import type { StartRequest } from './check-request.ts';
import { startOptionsOf } from './check-request.ts';
import type { CallerContext } from './context.ts';
import type { ExecutionRules } from './execution-rules.ts';
import { jsonBytes } from './limits.ts';
import { hiddenFrom } from './redacted-caller.ts';
import { AT_ONCE } from './requests/ask-each.ts';

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
  request: StartRequest,
): Promise<ExecutionWithWorkflow> {
  // Between its check, its admission, its start and its answer, each of which writes or reads a large input whole.
  const bytes = jsonBytes(request.input ?? null);
  await breathe(bytes);
  const admitted = await admitExecution(ctx, rules, request);
  await breathe(bytes);
  const { workflow, execution, created } = admitted;
  const { id, name, description, redact } = workflow;
  const withWorkflow = (row: Execution): ExecutionWithWorkflow =>
    redactExecution({ ...row, workflow: { id, name, description, redact } }, hiddenFrom(ctx.caller, workflow));
  if (!created) return withWorkflow(execution);
  const recorder = recordAndRead(ctx.ledger);
  try {
    await startExecution(pendingOf(admitted, request), { engine: ctx.engine, recorder, source: 'service' });
  } catch (error) {
    leaveToReconciler(ctx, execution, error);
  }
  await breathe(bytes);
  const recorded = recorder.recorded();
  return withWorkflow(recorded ? { ...recorded, input: execution.input } : execution);
}

/** Admits and starts several, each as `createExecution` does, in two calls of the ledger. Answers in their order. */
export async function createEach(
  ctx: CallerContext,
  rules: ExecutionRules,
  requests: readonly StartRequest[],
): Promise<(Pick<Execution, 'id' | 'status'> | ExecutionError)[]> {
  const admitted = await admitEach(ctx, rules, requests);
  const created = admitted.flatMap((one, n) =>
    isExecutionError(one) || !one.created ? [] : [{ ...one, pending: pendingOf(one, requests[n] as StartRequest) }],
  );
  const { engine, ledger } = ctx;
  const started = await startExecutions(
    created.map(({ pending }) => pending),
    { engine, ledger, source: 'service', atOnce: AT_ONCE },
  );
  const stands = new Map(created.map(({ execution }, n) => [execution.id, started[n]]));
  for (const { execution } of created) {
    const error = stands.get(execution.id)?.error;
    if (error) leaveToReconciler(ctx, execution, error);
  }
  return admitted.map((one) => {
    if (isExecutionError(one)) return one;
    const { id, status } = one.execution;
    return { id, status: stands.get(id)?.status ?? status };
  });
}

/** With the input as it was sent, not as it was read back. */
function pendingOf({ execution, workflow }: Admitted, request: StartRequest) {
  return pendingStartOf({ ...execution, input: request.input ?? null }, workflow, startOptionsOf(request) ?? {});
}

function leaveToReconciler({ log, requestId }: CallerContext, { id }: Execution, error: unknown): void {
  log.warn({ err: error, executionId: id, requestId }, 'admitted, left to the reconciler');
}
