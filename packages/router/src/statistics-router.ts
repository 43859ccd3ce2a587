import {
  ComparedStats,
  ExecutionSeries,
  HealthCounts,
  RECENT_RUNS,
  RecentRuns,
  RelativeInstant,
  SERIES_STEPS,
  Timestamp,
  TopFailure,
  TopWorkflow,
  WorkflowCounters,
} from '@runledger/contracts';
import type { TRPCRouterRecord } from '@trpc/server';
import { z } from 'zod';
import { createFailureProcedures } from './failure-procedures.ts';
import type { Publishing } from './publishing.ts';
import { requireRows } from './publishing.ts';
import { Counted, countedFilter, Ignored, limitOf, resolved, Window } from './statistics-scope.ts';
import { TimeZone } from './time-zone.ts';
import { authedProcedure } from './trpc.ts';
import { listScope, Of, of, statisticsScope } from './whose.ts';
import { workflowNotFound } from './workflow-not-found.ts';

export const StatsRequest = Window.extend(Counted.shape).extend({
  /** Also of the window of the same length before, and the change since. */
  withPrevious: z.boolean().default(false),
});

/** Counts and times, and what of the filter was not understood. */
export const AnsweredStats = ComparedStats.extend(Ignored);

const SeriesRequest = Window.extend({
  from: Window.shape.from.unwrap(),
  ...Counted.shape,
  /** Default: now. */
  to: RelativeInstant.default('-0s'),
  step: z.enum(SERIES_STEPS).default('day'),
  /** IANA name; days are of this zone. */
  timeZone: TimeZone.default('UTC'),
  of,
});

/** Counts, times and rankings. Everything is within the caller's scope, and exact where it does not say otherwise. */
export const createStatisticsProcedures = (publishing: Publishing) =>
  ({
    /** The caller's executions counted, of one workflow if given; everybody's for an operator. */
    getStats: authedProcedure
      .input(StatsRequest.extend({ of }).prefault({}))
      .output(AnsweredStats)
      .query(async ({ ctx, input: { of: whose, filter: asked, ...window } }) => {
        const whole = await statisticsScope(ctx, { of: whose, workflowId: window.workflowId });
        const { filter, ignored } = countedFilter(ctx, { ...whole, publishing }, asked);
        return { ...(await ctx.caller.reader.stats(whole.scope, { ...resolved(window), filter })), ignored };
      }),

    /** One workflow's executions counted: unless `of` says otherwise all users' for its owner, the caller's own for everybody else. */
    getWorkflowStatistics: authedProcedure
      .input(StatsRequest.extend({ workflowId: z.uuid(), of: Of.optional() }))
      .output(AnsweredStats.extend({ of: Of }))
      .query(async ({ ctx, input: { of: asked, filter: within, ...window } }) => {
        const { workflowId, by } = window;
        if (asked === undefined && within === undefined && by === 'start') {
          const stats = await ctx.caller.reader.workflowStats(ctx.caller.userId, resolved(window));
          if (!stats) throw workflowNotFound(workflowId);
          return { ...stats, ignored: [] };
        }
        const workflow = await ctx.workflows.getWorkflow(workflowId, ctx.caller.userId);
        const whose = asked ?? (workflow?.userId === ctx.caller.userId ? 'everyone' : 'caller');
        const whole = await statisticsScope(ctx, { of: whose, workflowId });
        if (!(workflow ?? whole.scope.everybody)) throw workflowNotFound(workflowId);
        const { filter, ignored } = countedFilter(ctx, { ...whole, publishing }, within);
        return { ...(await ctx.caller.reader.stats(whole.scope, { ...resolved(window), filter })), of: whose, ignored };
      }),

    /** Counts and run times per five minutes (up to a day), hour or day, ready to draw; with what its window came to. */
    getTimeSeries: authedProcedure
      .input(SeriesRequest)
      .output(ExecutionSeries.extend({ window: z.object({ from: Timestamp, to: Timestamp }), ...Ignored }))
      .query(async ({ ctx, input: { of: whose, filter: asked, ...points } }) => {
        const whole = await statisticsScope(ctx, { of: whose, workflowId: points.workflowId });
        const { filter, ignored } = countedFilter(ctx, { ...whole, publishing }, asked);
        const request = resolved(points);
        const { from, to } = request;
        return {
          ...(await ctx.caller.reader.series(whole.scope, { ...request, filter })),
          window: { from, to },
          ignored,
        };
      }),

    /** The caller's workflows with most executions, on request with the change since the window before; everybody's for an operator. */
    getTopWorkflows: authedProcedure
      .input(
        Window.omit({ workflowId: true })
          .extend({ withPrevious: StatsRequest.shape.withPrevious, limit: limitOf(200), of })
          .prefault({}),
      )
      .output(z.array(TopWorkflow))
      .query(({ ctx, input: { limit, of: whose, ...window } }) =>
        ctx.caller.reader.topWorkflows(listScope(ctx, whose), resolved(window), limit),
      ),

    /** The most frequent kinds of failures, with the last execution of each to look at; everybody's where the host shows them. */
    getTopFailures: authedProcedure
      .input(Window.extend({ limit: limitOf(100), of }).prefault({}))
      .output(z.array(TopFailure))
      .query(async ({ ctx, input: { limit, of: whose, ...window } }) => {
        const { scope, owned } = await statisticsScope(ctx, { of: whose, workflowId: window.workflowId });
        // What went wrong, and the id of the last one: not counts alone.
        if (owned) requireRows(publishing, ctx.caller, owned);
        return ctx.caller.reader.topFailures(scope, resolved(window), limit);
      }),

    ...createFailureProcedures(publishing),

    /**
     * The caller's latest executions of up to 100 workflows, or everybody's for an operator, 30 of each unless asked otherwise: what a
     * strip of recent outcomes beside each workflow shows.
     */
    recentRuns: authedProcedure
      .input(
        z.object({
          workflowIds: z.array(z.uuid()).min(1).max(RECENT_RUNS.workflows),
          last: z.number().int().min(1).max(RECENT_RUNS.last).default(RECENT_RUNS.usual),
          of,
        }),
      )
      .output(RecentRuns)
      .query(({ ctx, input: { of: whose, ...asked } }) => ctx.caller.reader.recentRuns(listScope(ctx, whose), asked)),

    /** The caller's open and unconfirmed executions by how they stand, of one workflow if given; everybody's of a workflow for its owner. */
    countByHealth: authedProcedure
      .input(z.object({ workflowId: z.uuid().optional(), of }).prefault({}))
      .output(HealthCounts)
      .query(async ({ ctx, input }) => {
        const { scope } = await statisticsScope(ctx, input);
        return ctx.caller.reader.countByHealth(scope, input.workflowId);
      }),

    /** How many of the caller's executions completed or failed, of one workflow if given; everybody's of it for its owner. */
    getRunCount: authedProcedure
      .input(z.object({ workflowId: z.uuid().optional(), of }).prefault({}))
      .output(z.number().int())
      .query(async ({ ctx, input }) => {
        const { scope } = await statisticsScope(ctx, input);
        return ctx.caller.reader.countEnded(scope, input.workflowId);
      }),

    /** Since the beginning, by workflow: the caller's executions, or everybody's: of the workflows that the caller owns; of all for operators. */
    getWorkflowCounters: authedProcedure
      .input(z.object({ of }).prefault({}))
      .output(z.array(WorkflowCounters))
      .query(({ ctx, input }) =>
        ctx.caller.reader.workflowCounters(
          input.of === 'everyone' && ctx.caller.isOperator ? listScope(ctx, input.of) : { userId: ctx.caller.userId },
          { owned: input.of === 'everyone' && !ctx.caller.isOperator },
        ),
      ),
  }) satisfies TRPCRouterRecord;
