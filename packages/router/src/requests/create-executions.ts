import { CONTROL_COUNT, EXECUTION_STATUSES, isExecutionError } from '@runledger/contracts';
import { z } from 'zod';
import type { CallerContext } from '../context.ts';
import { createEach } from '../create-execution.ts';
import { CreateExecutionRequest } from '../create-request.ts';
import type { ExecutionRules } from '../execution-rules.ts';
import { ExecutionId } from '../request.ts';
import { Refusal, refusalOf, takeCalls } from './several.ts';

export const CreateSeveralRequest = z.object({ executions: z.array(CreateExecutionRequest).min(1).max(CONTROL_COUNT) });

export const CreateSeveralAnswer = z.array(
  z.discriminatedUnion('ok', [
    z.object({ ok: z.literal(true), id: ExecutionId, status: z.enum(EXECUTION_STATUSES) }),
    // There is no execution whose id it could name.
    Refusal.omit({ id: true }),
  ]),
);

/** Starts each as `createExecution` does. Answers in their order: one that is refused keeps back no other. */
export async function createExecutions(
  ctx: CallerContext,
  rules: ExecutionRules,
  { executions }: z.output<typeof CreateSeveralRequest>,
): Promise<z.output<typeof CreateSeveralAnswer>> {
  await takeCalls(ctx, executions.length);
  const created = await createEach(ctx, rules, executions);
  return created.map((one) =>
    isExecutionError(one) ? { ok: false as const, ...refusalOf(ctx, one) } : { ok: true as const, ...one },
  );
}
