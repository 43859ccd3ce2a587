import type { Scope, Workflow } from '@runledger/contracts';
import {
  ComparedStats,
  ExecutionSeries,
  Instant,
  SERIES_STEPS,
  TopFailure,
  TopWorkflow,
  WorkflowCounters,
} from '@runledger/contracts';
import type { TRPCRouterRecord } from '@trpc/server';
import { z } from 'zod';
import type { CallerContext } from './context.ts';
import { workflowNotFound } from './create-execution.ts';
import type { Publishing } from './publishing.ts';
import { requireRows } from './publishing.ts';
import { shortText } from './request.ts';
import { authedProcedure } from './trpc.ts';

/** Started at or after `from` and before `to`; since the beginning without them. Widened to whole UTC hours. */
const Window = z.object({ workflowId: z.uuid().optional(), from: Instant.optional(), to: Instant.optional() });

/** Whose: the caller's own, or everybody's of a workflow that the caller owns. */
const Of = z.enum(['caller', 'everyone']);
const of = Of.default('caller');

export const StatsRequest = Window.extend({
  /** Also of the window of the same length before, and the change since. */
  withPrevious: z.boolean().default(false),
});

const SeriesRequest = Window.required({ from: true, to: true }).extend({
  step: z.enum(SERIES_STEPS).default('day'),
  /** IANA name; days are of this zone. */
  timeZone: shortText(100).default('UTC'),
  of,
});

const limitOf = (most: number) => z.number().int().min(1).max(most).default(10);

/**
 * The workflow that the caller asks about for everybody; `null`: only about their own.
 * @throws `not_found` where the workflow is not the caller's: others must not learn that it exists
 */
async function ownedOf(
  ctx: CallerContext,
  request: { of: z.infer<typeof Of>; workflowId?: string | undefined },
): Promise<Workflow | null> {
  const { userId } = ctx.caller;
  if (request.of === 'caller') return null;
  const workflow = request.workflowId ? await ctx.workflows.getWorkflow(request.workflowId, userId) : null;
  if (workflow?.userId !== userId) throw workflowNotFound(request.workflowId ?? 'without an id');
  return workflow;
}

const scopeOf = (ctx: CallerContext, owned: Workflow | null): Scope => ({
  userId: ctx.caller.userId,
  ...(owned ? { ownedWorkflowId: owned.id } : {}),
});

/** Counts, times and rankings. Everything is within the caller's scope, and exact where it does not say otherwise. */
export const createStatisticsProcedures = (publishing: Publishing) =>
  ({
    /** The caller's executions counted, of one workflow if given. */
    getStats: authedProcedure
      .input(StatsRequest.prefault({}))
      .output(ComparedStats)
      .query(({ ctx, input }) => ctx.caller.reader.stats({ userId: ctx.caller.userId }, input)),

    /** One workflow's executions counted: all users' for its owner, the caller's own for everybody else. */
    getWorkflowStatistics: authedProcedure
      .input(StatsRequest.required({ workflowId: true }))
      .output(ComparedStats.extend({ of: Of }))
      .query(async ({ ctx, input }) => {
        const { userId, reader } = ctx.caller;
        const workflow = await ctx.workflows.getWorkflow(input.workflowId, userId);
        if (!workflow) throw workflowNotFound(input.workflowId);
        if (workflow.userId !== userId) return { ...(await reader.stats({ userId }, input)), of: 'caller' as const };
        return { ...(await reader.stats({ userId, ownedWorkflowId: workflow.id }, input)), of: 'everyone' as const };
      }),

    /** Counts and run times per hour or day, ready to draw. */
    getTimeSeries: authedProcedure
      .input(SeriesRequest)
      .output(ExecutionSeries)
      .query(async ({ ctx, input: { of: whose, ...request } }) =>
        ctx.caller.reader.series(
          scopeOf(ctx, await ownedOf(ctx, { of: whose, workflowId: request.workflowId })),
          request,
        ),
      ),

    /** The caller's workflows with most executions. */
    getTopWorkflows: authedProcedure
      .input(
        Window.omit({ workflowId: true })
          .extend({ limit: limitOf(200) })
          .prefault({}),
      )
      .output(z.array(TopWorkflow))
      .query(({ ctx, input: { limit, ...window } }) =>
        ctx.caller.reader.topWorkflows({ userId: ctx.caller.userId }, window, limit),
      ),

    /** The most frequent kinds of failures, with the last execution of each to look at; everybody's where the host shows them. */
    getTopFailures: authedProcedure
      .input(Window.extend({ limit: limitOf(100), of }).prefault({}))
      .output(z.array(TopFailure))
      .query(async ({ ctx, input: { limit, of: whose, ...window } }) => {
        const owned = await ownedOf(ctx, { of: whose, workflowId: window.workflowId });
        // What went wrong, and the id of the last one: not counts alone.
        if (owned) requireRows(publishing, ctx.caller, owned);
        return ctx.caller.reader.topFailures(scopeOf(ctx, owned), window, limit);
      }),

    /** Since the beginning, by workflow: the caller's executions, or everybody's of the workflows that the caller owns. */
    getWorkflowCounters: authedProcedure
      .input(z.object({ of }).prefault({}))
      .output(z.array(WorkflowCounters))
      .query(({ ctx, input }) =>
        ctx.caller.reader.workflowCounters({ userId: ctx.caller.userId }, { owned: input.of === 'everyone' }),
      ),
  }) satisfies TRPCRouterRecord;
