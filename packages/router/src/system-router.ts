import { Proof } from '@runledger/contracts';
import type { TRPCRouterRecord } from '@trpc/server';
import { z } from 'zod';
import { checkHealth, HealthReport } from './health.ts';
import type { Limits } from './limits.ts';
import { shortText } from './request.ts';
import { authedProcedure, publicProcedure } from './trpc.ts';

/** Without the name of the process that publishes: that is the operator's. */
const PublicProof = Proof.extend({ monitor: Proof.shape.monitor.omit({ identity: true }) });

export function createSystemRouter({ healthMs }: Limits) {
  return {
    /** Public. */
    health: publicProcedure.output(HealthReport).query(({ ctx }) => checkHealth(ctx, healthMs)),

    /** How sure the ledger is: what is open, how old the oldest check is, what diverged. `null` before the first proof. */
    getProof: authedProcedure
      .input(z.object({ namespace: shortText(200).default('default') }).prefault({}))
      .output(PublicProof.nullable())
      .query(({ ctx, input }) => ctx.ledger.getProof(input.namespace)),
  } satisfies TRPCRouterRecord;
}
