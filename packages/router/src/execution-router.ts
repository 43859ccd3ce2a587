import { ExecutionHealth, ExecutionWithWorkflow, QuotaUse, Timeline } from '@runledger/contracts';
import type { TRPCRouterRecord } from '@trpc/server';
import { z } from 'zod';
import { createExecution } from './create-execution.ts';
import { CreateExecutionRequest } from './create-request.ts';
import { decodeProcedures } from './decode-payloads.ts';
import type { ExecutionRules } from './execution-rules.ts';
import {
  CountRequest,
  countExecutions,
  countWorkflowExecutions,
  ExecutionList,
  FilteredCount,
  ListRequest,
  listExecutions,
  listWorkflowExecutions,
  WorkflowCountRequest,
  WorkflowListRequest,
} from './list-executions.ts';
import { createWatchProcedures } from './live/watch-router.ts';
import { readExecutionProcedures } from './read-execution.ts';
import { readHealth } from './read-health.ts';
import { readTimeline } from './read-timeline.ts';
import { ExecutionId } from './request.ts';
import { createProgressProcedures } from './requests/progress-router.ts';
import { createRequestProcedures } from './requests/request-router.ts';
import { createSeveralProcedures } from './requests/several-router.ts';
import { createSearchProcedures } from './search-procedure.ts';
import { createStatisticsProcedures } from './statistics-router.ts';
import { authedProcedure } from './trpc.ts';
import { createUserNameProcedures } from './user-names.ts';
import { viewProcedures } from './view-procedures.ts';
import { listScope } from './whose.ts';
import { workflowNotFound } from './workflow-not-found.ts';

/** What users do with executions. Everything is within the caller's scope. */
export function createExecutionRouter(rules: ExecutionRules) {
  return {
    /** Records an execution of a workflow and starts it in Temporal: once for an `idempotencyKey`, and within the caller's quotas. */
    createExecution: authedProcedure
      .meta({ keyScope: 'start' })
      .input(CreateExecutionRequest)
      .output(ExecutionWithWorkflow)
      .mutation(({ ctx, input }) => createExecution(ctx, rules, input)),

    ...readExecutionProcedures,
    ...decodeProcedures,

    /** How it stood when it was last looked at, why, and what is safe to do; `null` once it is settled, and for direct executions. */
    getHealth: authedProcedure
      .input(z.object({ id: ExecutionId }))
      .output(ExecutionHealth.nullable())
      .query(({ ctx, input }) => readHealth(ctx, input.id)),

    /** What it did, step by step: frozen once it has ended, read from Temporal while it is open. */
    getTimeline: authedProcedure
      .input(z.object({ id: ExecutionId }))
      .output(Timeline)
      .query(({ ctx, input }) => readTimeline(ctx, input.id)),

    /**
     * The caller's executions, or everybody's for an operator, newest first unless asked otherwise, without payloads. Any depth
     * costs the same.
     */
    listExecutions: authedProcedure
      .input(ListRequest.prefault({}))
      .output(ExecutionList)
      .query(({ ctx, input: { of, ...list } }) =>
        listExecutions(ctx, rules.names, { ...list, scope: listScope(ctx, of) }),
      ),

    /** All users' executions of a workflow, for its owner, where the host shows them. */
    listWorkflowExecutions: authedProcedure
      .input(WorkflowListRequest)
      .output(ExecutionList)
      .query(({ ctx, input }) => listWorkflowExecutions(ctx, rules, input)),

    /** How many of the caller's executions, or of everybody's for an operator, a filter finds: exact, or "at least so many". */
    countExecutions: authedProcedure
      .input(CountRequest.prefault({}))
      .output(FilteredCount)
      .query(({ ctx, input: { of, ...filter } }) => countExecutions(ctx, listScope(ctx, of), filter)),

    /** The same of all users' executions of a workflow, for its owner. */
    countWorkflowExecutions: authedProcedure
      .input(WorkflowCountRequest)
      .output(FilteredCount)
      .query(({ ctx, input }) => countWorkflowExecutions(ctx, rules.publishing, input)),

    ...createStatisticsProcedures(rules.publishing),
    ...createSearchProcedures(rules.names),
    ...createUserNameProcedures(rules.publishing),
    ...createWatchProcedures(rules),

    /** The limits of what the caller may run and what is used of them: in one workflow, or all that there are. */
    getQuotas: authedProcedure
      .input(z.object({ workflowId: z.uuid().optional() }).prefault({}))
      .output(z.array(QuotaUse))
      .query(async ({ ctx, input: { workflowId } }) => {
        const { userId } = ctx.caller;
        if (workflowId && !(await ctx.workflows.getWorkflow(workflowId, userId))) throw workflowNotFound(workflowId);
        return ctx.ledger.quotas(userId, workflowId);
      }),

    ...createRequestProcedures(rules),
    ...createSeveralProcedures(rules),
    ...createProgressProcedures(),
    ...viewProcedures,
  } satisfies TRPCRouterRecord;
}
