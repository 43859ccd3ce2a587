import type { TRPCRouterRecord } from '@trpc/server';
import { checkHealth, HealthReport } from './health.ts';
import type { Limits } from './limits.ts';
import { publicProcedure } from './trpc.ts';

export function createSystemRouter({ healthMs }: Limits) {
  return {
    /** Public. */
    health: publicProcedure.output(HealthReport).query(({ ctx }) => checkHealth(ctx, healthMs)),
  } satisfies TRPCRouterRecord;
}
