import type { ExecutionWithWorkflow, RedactingWorkflow } from '@runledger/contracts';
import { ExecutionError, isUndecoded, Json, redactExecution } from '@runledger/contracts';
import type { TRPCRouterRecord } from '@trpc/server';
import { z } from 'zod';
import type { CallerContext } from './context.ts';
import { executionNotFound } from './control-execution.ts';
import { hiddenFrom } from './redacted-caller.ts';
import { ExecutionId } from './request.ts';
import { authedProcedure } from './trpc.ts';
import { readScope } from './whose.ts';

/** Payloads of one execution; what the ledger could read is as the ledger has it. */
const Decoded = z.object({
  input: Json.nullable(),
  inputNote: z.string().nullable(),
  output: Json.nullable(),
  outputNote: z.string().nullable(),
  /** As Temporal has it, with encrypted messages and details decoded. `null` where it did not fail in Temporal. */
  failure: Json.nullable(),
});

async function decodePayloads(ctx: CallerContext, id: string): Promise<z.input<typeof Decoded>> {
  const execution = await ctx.caller.clear.get(readScope(ctx), id);
  if (!execution) throw executionNotFound(id);
  const { workflow, temporalNamespace: namespace, temporalWorkflowId, temporalRunId: firstRunId } = execution;
  if (!ctx.decoder || !decodesFor(ctx, workflow))
    throw new ExecutionError('permission_denied', 'This host decodes no payloads for you; its operator may allow it.');
  const runId = execution.closingRunId ?? execution.currentRunId;
  const target = { namespace: namespace ?? '', temporalWorkflowId: temporalWorkflowId ?? '', firstRunId, runId };
  const isInTemporal = namespace !== null && temporalWorkflowId !== null && firstRunId !== null;
  const decoded = isEncoded(execution) && isInTemporal ? await ctx.decoder.decode(target) : null;
  const whole = {
    ...execution,
    ...(decoded && isUndecoded(execution.inputNote) ? { input: decoded.input, inputNote: decoded.inputNote } : {}),
    ...(decoded && isUndecoded(execution.outputNote) ? { output: decoded.output, outputNote: decoded.outputNote } : {}),
    ...(decoded?.failure ? { failure: decoded.failure as unknown as Json } : {}),
  } as ExecutionWithWorkflow;
  const { input, inputNote, output, outputNote, failure } = redactExecution(whole, hiddenFrom(ctx.caller, workflow));
  return { input, inputNote, output, outputNote, failure };
}

const decodesFor = ({ decoder, caller }: CallerContext, workflow: RedactingWorkflow): boolean =>
  decoder !== undefined && caller.mayDecode?.(workflow) === true;

/** Whether something of an execution is encoded that this host would decode for the caller. */
export const isDecodable = (ctx: CallerContext, execution: ExecutionWithWorkflow): boolean =>
  isEncoded(execution) && decodesFor(ctx, execution.workflow);

const isEncoded = ({ inputNote, outputNote, failure }: ExecutionWithWorkflow): boolean =>
  isUndecoded(inputNote) || isUndecoded(outputNote) || isEncodedFailure(failure);

/** Temporal's placeholder for encrypted messages, or details that nobody could read. */
const isEncodedFailure = (failure: Json) => /"(Encoded failure|undecodable[:",])/.test(JSON.stringify(failure));

export const decodeProcedures = {
  /**
   * The payloads of one of the caller's executions, or of anybody's for an operator, with what is encrypted decoded by the host's codec server, for whom the host
   * allows it. Nothing decoded is kept. A note `codec_unavailable` says that the codec server did not answer.
   */
  decodePayloads: authedProcedure
    .input(z.object({ id: ExecutionId }))
    .output(Decoded)
    .query(({ ctx, input }) => decodePayloads(ctx, input.id)),
} satisfies TRPCRouterRecord;
