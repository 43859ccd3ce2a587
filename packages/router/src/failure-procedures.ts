import { FailureGroups, FailureUsers, FilterRequest } from '@runledger/contracts';
import type { TRPCRouterRecord } from '@trpc/server';
import { z } from 'zod';
import { requireOwned } from './list-executions.ts';
import type { Publishing } from './publishing.ts';
import { requireRows } from './publishing.ts';
import { limitOf, resolved, Window } from './statistics-scope.ts';
import { authedProcedure } from './trpc.ts';
import { of, statisticsScope } from './whose.ts';

const failureGroup = FilterRequest.shape.failureGroup.unwrap();

/** What goes wrong, by kind. */
export const createFailureProcedures = (publishing: Publishing) =>
  ({
    /**
     * The most frequent kinds of failures, of equal ones the one seen last, or one of them: how many executions and users each hit,
     * since when, whether it is new or more than before, and over time; everybody's where the host shows them.
     */
    getFailureGroups: authedProcedure
      .input(Window.extend({ failureGroup: failureGroup.optional(), limit: limitOf(200), of }).prefault({}))
      .output(FailureGroups)
      .query(async ({ ctx, input: { limit, of: whose, ...window } }) => {
        const { scope, owned } = await statisticsScope(ctx, { of: whose, workflowId: window.workflowId });
        if (owned) requireRows(publishing, ctx.caller, owned);
        return ctx.caller.reader.failureGroups(scope, resolved(window), limit);
      }),

    /** Whom a kind of failure hit, for the owner of the workflow, where the host shows them what others ran, and for operators. */
    getFailureUsers: authedProcedure
      .input(
        Window.extend({
          workflowId: z.uuid(),
          failureGroup,
          limit: z.number().int().min(1).max(200).default(100),
        }),
      )
      .output(FailureUsers)
      .query(async ({ ctx, input }) => {
        const { userId, isOperator } = ctx.caller;
        if (!isOperator) requireRows(publishing, ctx.caller, await requireOwned(ctx, input.workflowId));
        return ctx.caller.reader.failureUsers({ userId, ownedWorkflowId: input.workflowId }, resolved(input));
      }),
  }) satisfies TRPCRouterRecord;
