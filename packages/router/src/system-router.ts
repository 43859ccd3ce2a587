import { isStale, NamespaceProof, OwnProof } from '@runledger/contracts';
import type { TRPCRouterRecord } from '@trpc/server';
import { z } from 'zod';
import { checkHealth, HealthReport } from './health.ts';
import type { Limits } from './limits.ts';
import { namespaceProofs } from './namespace-proofs.ts';
import { shortText } from './request.ts';
import { authedProcedure, publicProcedure } from './trpc.ts';

export function createSystemRouter({ healthMs }: Limits) {
  return {
    /** Whether the database and Temporal answer. Public: it needs no token. */
    health: publicProcedure.output(HealthReport).query(({ ctx }) => checkHealth(ctx, healthMs)),

    /**
     * How sure the ledger is of the caller's executions: how they stand, how old the oldest check is, whether the monitor
     * keeps its promises. `null` before the first proof. What all others run is the operator's: `getNamespaces`.
     */
    getProof: authedProcedure
      .input(z.object({ namespace: shortText(200).default('default') }).prefault({}))
      .output(OwnProof.nullable())
      .query(async ({ ctx, input: { namespace } }) => {
        const proof = await ctx.ledger.getProof(namespace);
        if (!proof) return null;
        const { at, periodMs, periodReachedMs, retentionMs = null, alarm, missed } = proof;
        const isWell = alarm === null && missed.length === 0 && !isStale(proof);
        return {
          at,
          periodMs,
          periodReachedMs,
          retentionMs,
          isWell,
          own: await ctx.ledger.ownFigures(ctx.caller.userId, namespace),
        };
      }),

    /**
     * What each namespace runs and how well it is followed, for operators: everybody's figures as the monitor published them last, what it
     * promises and misses, and namespaces that nobody follows. What the command `runledger status` tells.
     */
    getNamespaces: authedProcedure.output(z.array(NamespaceProof)).query(({ ctx }) => namespaceProofs(ctx)),
  } satisfies TRPCRouterRecord;
}
