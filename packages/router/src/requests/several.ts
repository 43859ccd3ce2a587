import type { ExecutionError } from '@runledger/contracts';
import { CONTROL_COUNT, EXECUTION_ERROR_CODES } from '@runledger/contracts';
import { z } from 'zod';
import type { CallerContext } from '../context.ts';
import { toTRPCError } from '../error-mapping.ts';
import { ExecutionId } from '../request.ts';
import type { Settled } from './ask-each.ts';

/** Which executions a call is about. Answers come in their order. */
export const ids = z.array(ExecutionId).min(1).max(CONTROL_COUNT);

/** Why one of several was refused. */
export const Refusal = z.object({
  id: ExecutionId,
  ok: z.literal(false),
  /** As `executionCode` of the procedure for one. */
  code: z.enum(EXECUTION_ERROR_CODES),
  message: z.string(),
});

/** An answer for each. */
export function eachAnswer<Result extends z.ZodType>(result: Result) {
  return z.array(z.discriminatedUnion('ok', [z.object({ id: ExecutionId, ok: z.literal(true), result }), Refusal]));
}

/** Several count as that many calls; one is counted already. @throws ExecutionError `rate_limited` */
export async function takeCalls({ caller, limits }: CallerContext, calls: number): Promise<void> {
  if (calls <= 1) return;
  await limits?.take('requests', caller.userId, calls - 1);
  await limits?.take('writes', caller.userId, calls - 1);
}

/** What became of several, in words for callers. */
export function toAnswers<Result>(ctx: CallerContext, settled: readonly Settled<Result>[]) {
  return settled.map((one) =>
    one.error === null
      ? { id: one.executionId, ok: true as const, result: one.result }
      : { id: one.executionId, ok: false as const, ...refusalOf(ctx, one.error) },
  );
}

/** What a caller may know of an error among several; the log has the rest. */
export function refusalOf(ctx: CallerContext, error: ExecutionError) {
  const told = toTRPCError(error, ctx.requestId);
  if (told.code === 'INTERNAL_SERVER_ERROR' || told.code === 'SERVICE_UNAVAILABLE')
    ctx.log.error({ err: error, requestId: ctx.requestId }, 'one of several calls failed');
  return { code: error.code, message: told.message };
}
