import {
  ExecutionHealth,
  ExecutionStats,
  ExecutionSummary,
  ExecutionWithWorkflow,
  QuotaUse,
  Timeline,
} from '@runledger/contracts';
import type { TRPCRouterRecord } from '@trpc/server';
import { z } from 'zod';
import {
  CancelRequest,
  ControlAnswer,
  cancelExecution,
  requireExecution,
  TerminateRequest,
  terminateExecution,
} from './control-execution.ts';
import { CreateExecutionRequest, createExecution, workflowNotFound } from './create-execution.ts';
import type { ExecutionRules } from './execution-rules.ts';
import { readTimeline } from './read-timeline.ts';
import { ExecutionId, FilterRequest, PageRequest } from './request.ts';
import { authedProcedure } from './trpc.ts';

const StatisticsRequest = FilterRequest.omit({ status: true, verdict: true });

/** What users do with executions. Everything is within the caller's scope. */
export function createExecutionRouter(rules: ExecutionRules) {
  return {
    createExecution: authedProcedure
      .input(CreateExecutionRequest)
      .output(ExecutionWithWorkflow)
      .mutation(({ ctx, input }) => createExecution(ctx, rules, input)),

    getExecution: authedProcedure
      .input(z.object({ id: ExecutionId }))
      .output(ExecutionWithWorkflow)
      .query(({ ctx, input }) => requireExecution(ctx, input.id)),

    /** How it stood when it was last looked at, why, and what is safe to do; `null` once it is settled, and for direct executions. */
    getHealth: authedProcedure
      .input(z.object({ id: ExecutionId }))
      .output(ExecutionHealth.nullable())
      .query(async ({ ctx, input }) => {
        await requireExecution(ctx, input.id);
        return ctx.caller.reader.health({ userId: ctx.caller.userId }, input.id);
      }),

    /** What it did, step by step: frozen once it has ended, read from Temporal while it is open. */
    getTimeline: authedProcedure
      .input(z.object({ id: ExecutionId }))
      .output(Timeline)
      .query(({ ctx, input }) => readTimeline(ctx, input.id)),

    /** The caller's executions, newest first. */
    listExecutions: authedProcedure
      .input(FilterRequest.extend(PageRequest.shape).prefault({}))
      .output(z.object({ items: z.array(ExecutionSummary), nextCursor: z.string().nullable() }))
      .query(async ({ ctx, input: { limit, cursor, ...filter } }) => {
        const { userId, reader } = ctx.caller;
        const page = await reader.list({ userId }, filter, { limit, cursor: cursor ?? null });
        return { items: [...page], nextCursor: page.nextCursor };
      }),

    /** The caller's executions counted, of one workflow if given. */
    getStats: authedProcedure
      .input(StatisticsRequest.prefault({}))
      .output(ExecutionStats)
      .query(({ ctx, input }) => ctx.caller.reader.stats({ userId: ctx.caller.userId }, input)),

    /** One workflow's executions counted: all users' for its owner, the caller's own for everybody else. */
    getWorkflowStatistics: authedProcedure
      .input(StatisticsRequest.required({ workflowId: true }))
      .output(ExecutionStats.extend({ of: z.enum(['everyone', 'caller']) }))
      .query(async ({ ctx, input }) => {
        const { userId, reader } = ctx.caller;
        const workflow = await ctx.workflows.getWorkflow(input.workflowId, userId);
        if (!workflow) throw workflowNotFound(input.workflowId);
        if (workflow.userId !== userId) return { ...(await reader.stats({ userId }, input)), of: 'caller' as const };
        return { ...(await reader.stats({ userId, ownedWorkflowId: workflow.id }, input)), of: 'everyone' as const };
      }),

    /** How many of the caller's executions completed or failed, of one workflow if given. */
    getRunCount: authedProcedure
      .input(z.object({ workflowId: z.uuid().optional() }).prefault({}))
      .output(z.number().int())
      .query(({ ctx, input }) => ctx.caller.reader.runCount({ userId: ctx.caller.userId }, input.workflowId)),

    /** The limits of what the caller may run and what is used of them: in one workflow, or all that there are. */
    getQuotas: authedProcedure
      .input(z.object({ workflowId: z.uuid().optional() }).prefault({}))
      .output(z.array(QuotaUse))
      .query(async ({ ctx, input: { workflowId } }) => {
        const { userId } = ctx.caller;
        if (workflowId && !(await ctx.workflows.getWorkflow(workflowId, userId))) throw workflowNotFound(workflowId);
        return ctx.ledger.quotas(userId, workflowId);
      }),

    cancelExecution: authedProcedure
      .input(CancelRequest)
      .output(ControlAnswer)
      .mutation(({ ctx, input }) => cancelExecution(ctx, input)),

    terminateExecution: authedProcedure
      .input(TerminateRequest)
      .output(ControlAnswer)
      .mutation(({ ctx, input }) => terminateExecution(ctx, input)),
  } satisfies TRPCRouterRecord;
}
