import { isStale, OwnProof } from '@runledger/contracts';
import type { TRPCRouterRecord } from '@trpc/server';
import { z } from 'zod';
import { checkHealth, HealthReport } from './health.ts';
import type { Limits } from './limits.ts';
import { shortText } from './request.ts';
import { authedProcedure, publicProcedure } from './trpc.ts';

export function createSystemRouter({ healthMs }: Limits) {
  return {
    /** Whether the database and Temporal answer. Public: it needs no token. */
    health: publicProcedure.output(HealthReport).query(({ ctx }) => checkHealth(ctx, healthMs)),

    /**
     * How sure the ledger is of the caller's executions: how they stand, how old the oldest check is, whether the monitor
     * keeps its promises. `null` before the first proof. What all others run is the operator's: `runledger status`.
     */
    getProof: authedProcedure
      .input(z.object({ namespace: shortText(200).default('default') }).prefault({}))
      .output(OwnProof.nullable())
      .query(async ({ ctx, input: { namespace } }) => {
        const proof = await ctx.ledger.getProof(namespace);
        if (!proof) return null;
        const { at, periodMs, periodReachedMs, alarm, missed } = proof;
        const isWell = alarm === null && missed.length === 0 && !isStale(proof);
        return {
          at,
          periodMs,
          periodReachedMs,
          isWell,
          own: await ctx.ledger.ownFigures(ctx.caller.userId, namespace),
        };
      }),
  } satisfies TRPCRouterRecord;
}
