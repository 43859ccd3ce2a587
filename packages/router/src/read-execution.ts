import type { Comparable } from '@runledger/contracts';
import {
  breathe,
  compareExecutions,
  ExecutionComparison,
  ExecutionDetails,
  Explanation,
  explainExecution,
  isTerminal,
  Story,
} from '@runledger/contracts';
import type { TRPCRouterRecord } from '@trpc/server';
import { z } from 'zod';
import type { CallerContext } from './context.ts';
import { executionNotFound } from './control-execution.ts';
import { isDecodable } from './decode-payloads.ts';
import { readLiveTimeline } from './read-timeline.ts';
import { ExecutionId } from './request.ts';
import { authedProcedure } from './trpc.ts';
import { readScope } from './whose.ts';

const ShownDetails = z.intersection(
  ExecutionDetails,
  z.object({
    /** Something of it is encoded, and `decodePayloads` decodes it for the caller. */
    isDecodable: z.boolean(),
  }),
);

/** @throws ExecutionError `not_found`, also for somebody else's execution. */
async function requireDetails(
  ctx: CallerContext,
  { id, payloads }: { id: string; payloads: boolean },
): Promise<ExecutionDetails> {
  const details = await ctx.caller.reader.details(readScope(ctx), id, { payloads });
  if (details) return details;
  throw executionNotFound(id);
}

/** Of one that is open the steps are asked of Temporal, and are none where it does not answer. */
async function withSteps(ctx: CallerContext, { execution, timeline }: Comparable): Promise<Comparable> {
  if (isTerminal(execution.status)) return { execution, timeline };
  return { execution, timeline: await readLiveTimeline(ctx, execution).catch(() => null) };
}

/** One execution of the caller's, or of anybody's for an operator, each read by one request to the ledger. */
export const readExecutionProcedures = {
  /**
   * Everything that its page shows: how it stands and by when it should have ended, its runs and changes of status, who started
   * it. `payloads: false` leaves out what it was given and returned, and still tells how large that is.
   */
  getExecution: authedProcedure
    .input(z.object({ id: ExecutionId, payloads: z.boolean().default(true) }))
    .output(ShownDetails)
    .query(async ({ ctx, input }) => {
      const details = await requireDetails(ctx, input);
      if (input.payloads) await breathe((details.inputBytes ?? 0) + (details.outputBytes ?? 0));
      return { ...details, isDecodable: isDecodable(ctx, details) };
    }),

  /** What the ledger saw of it: each change of status with who said so and how late it was noticed, its runs, its reports. */
  getStory: authedProcedure
    .input(z.object({ id: ExecutionId }))
    .output(Story)
    .query(async ({ ctx, input: { id } }) => {
      const { transitions, runs, reports } = await requireDetails(ctx, { id, payloads: false });
      return { transitions, runs, reports };
    }),

  /**
   * Why it ended so, or how it stands: one sentence, and what that rests on. Of an open one the step that it is at is asked of
   * Temporal, and left out where Temporal does not answer.
   */
  explainExecution: authedProcedure
    .input(z.object({ id: ExecutionId }))
    .output(Explanation)
    .query(async ({ ctx, input: { id } }) => {
      const found = await ctx.caller.reader.detailsWithTimeline(readScope(ctx), id);
      if (!found) throw executionNotFound(id);
      const isOpen = !isTerminal(found.details.status);
      const timeline = isOpen ? await readLiveTimeline(ctx, found.details).catch(() => null) : found.timeline;
      return explainExecution(found.details, timeline);
    }),

  /**
   * Beside the latest before it that completed, or beside another one of the caller's: durations of each step, the first that
   * differs, and where the inputs differ.
   */
  compareExecutions: authedProcedure
    .input(z.object({ id: ExecutionId, with: z.union([z.literal('lastSuccess'), ExecutionId]).default('lastSuccess') }))
    .output(ExecutionComparison)
    .query(async ({ ctx, input }) => {
      const otherId = input.with === 'lastSuccess' ? null : input.with;
      const { one, other } = await ctx.caller.reader.compared(readScope(ctx), input.id, otherId);
      if (!one) throw executionNotFound(input.id);
      if (otherId !== null && !other) throw executionNotFound(otherId);
      return compareExecutions(await withSteps(ctx, one), other && (await withSteps(ctx, other)));
    }),
} satisfies TRPCRouterRecord;
