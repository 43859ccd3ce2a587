import type { ProgressReport as Report } from '@runledger/contracts';
import { createLatestWriter, isTerminal, PROGRESS_RESULTS, Progress, ProgressReport } from '@runledger/contracts';
import type { TRPCRouterRecord } from '@trpc/server';
import { z } from 'zod';
import type { CallerContext } from '../context.ts';
import { executionNotFound } from '../control-execution.ts';
import { ExecutionId } from '../request.ts';
import { authedProcedure } from '../trpc.ts';
import { readScope } from '../whose.ts';

interface Reported {
  ctx: CallerContext;
  id: string;
  report: Report;
}

/** How far executions have got. */
export function createProgressProcedures() {
  const writer = createLatestWriter({
    send: ({ ctx, id, report }: Reported) => ctx.ledger.reportProgress(ctx.caller.userId, id, report),
    merge: (older: Reported, newer: Reported) => ({ ...newer, report: { ...older.report, ...newer.report } }),
  });
  return {
    /** Says how far one has got, of the caller's own. At most one report a second is written of each, the latest. */
    reportProgress: authedProcedure
      .input(ProgressReport.safeExtend({ id: ExecutionId }))
      .output(z.object({ result: z.enum(PROGRESS_RESULTS) }))
      .mutation(async ({ ctx, input: { id, ...report } }) => ({
        result: await writer.write(`${ctx.caller.userId} ${id}`, { ctx, id, report }),
      })),

    /** How far one has got, as last reported; without reports an estimate while it is open, else `null`. */
    getProgress: authedProcedure
      .input(z.object({ id: ExecutionId }))
      .output(Progress.nullable())
      .query(async ({ ctx, input: { id } }) => {
        const found = await ctx.caller.reader.progress(readScope(ctx), id);
        if (!found) throw executionNotFound(id);
        return found.progress?.estimated && isTerminal(found.progress.status) ? null : found.progress;
      }),
  } satisfies TRPCRouterRecord;
}
