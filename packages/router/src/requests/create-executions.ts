import { CONTROL_COUNT, EXECUTION_STATUSES } from '@runledger/contracts';
import pMap from 'p-map';
import { z } from 'zod';
import type { CallerContext } from '../context.ts';
import { CreateExecutionRequest, createExecution } from '../create-execution.ts';
import type { ExecutionRules } from '../execution-rules.ts';
import { ExecutionId } from '../request.ts';
import { toExecutionError } from '../thrown.ts';
import { AT_ONCE } from './ask-each.ts';
import { Refusal, refusalOf, takeCalls } from './several.ts';

export const CreateSeveralRequest = z.object({ executions: z.array(CreateExecutionRequest).min(1).max(CONTROL_COUNT) });

export const CreateSeveralAnswer = z.array(
  z.discriminatedUnion('ok', [
    z.object({ ok: z.literal(true), id: ExecutionId, status: z.enum(EXECUTION_STATUSES) }),
    // There is no execution whose id it could name.
    Refusal.omit({ id: true }),
  ]),
);

/** Starts each as `createExecution` does, a few at a time. Answers in their order: one that is refused keeps back no other. */
export async function createExecutions(
  ctx: CallerContext,
  rules: ExecutionRules,
  { executions }: z.output<typeof CreateSeveralRequest>,
): Promise<z.output<typeof CreateSeveralAnswer>> {
  await takeCalls(ctx, executions.length);
  return pMap(
    executions,
    async (request) => {
      try {
        const { id, status } = await createExecution(ctx, rules, request);
        return { ok: true as const, id, status };
      } catch (error) {
        return { ok: false as const, ...refusalOf(ctx, toExecutionError(error)) };
      }
    },
    { concurrency: AT_ONCE },
  );
}
