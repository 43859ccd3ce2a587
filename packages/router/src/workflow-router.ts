import type { Json } from '@runledger/contracts';
import { CreateWorkflowInput, ExecutionError, UpdateWorkflowInput, Workflow } from '@runledger/contracts';
import type { TRPCRouterRecord } from '@trpc/server';
import { z } from 'zod';
import type { CallerContext } from './context.ts';
import { workflowNotFound } from './create-execution.ts';
import type { ExecutionRules } from './execution-rules.ts';
import { authedProcedure } from './trpc.ts';

/** What can be run. Users define workflows only over what the host lists as startable. */
export function createWorkflowRouter({ requireStartable, schemas }: ExecutionRules) {
  const checkSchema = (schema: Record<string, Json> | null | undefined) => {
    if (schema) schemas.check(schema);
  };
  return {
    /** The caller's own and all published ones, by name; archived ones are left out. */
    list: authedProcedure.output(z.array(Workflow)).query(({ ctx }) => ctx.workflows.listWorkflows(ctx.caller.userId)),

    get: authedProcedure
      .input(z.object({ id: z.uuid() }))
      .output(Workflow)
      .query(({ ctx, input }) => requireWorkflow(ctx, input.id)),

    create: authedProcedure
      .input(CreateWorkflowInput)
      .output(Workflow)
      .mutation(({ ctx, input }) => {
        requireStartable({ namespace: input.temporalNamespace, ...input });
        checkSchema(input.inputSchema);
        return ctx.workflows.createWorkflow(ctx.caller.userId, input);
      }),

    /** Changes what is given and leaves the rest; only its owner may. Executions that run keep what they began with. */
    update: authedProcedure
      .input(UpdateWorkflowInput.extend({ id: z.uuid() }))
      .output(Workflow)
      .mutation(async ({ ctx, input: { id, ...update } }) => {
        const workflow = await requireWorkflow(ctx, id);
        if (workflow.userId !== ctx.caller.userId)
          throw new ExecutionError('permission_denied', `Only the owner of the workflow ${id} may change it.`);
        // A type that the host has stopped listing must still be possible to rename or archive.
        if (update.workflowType !== undefined || update.taskQueue !== undefined)
          requireStartable({ namespace: workflow.temporalNamespace, ...workflow, ...update });
        checkSchema(update.inputSchema);
        return ctx.workflows.updateWorkflow(id, ctx.caller.userId, update);
      }),
  } satisfies TRPCRouterRecord;
}

async function requireWorkflow(ctx: CallerContext, id: string): Promise<Workflow> {
  const workflow = await ctx.workflows.getWorkflow(id, ctx.caller.userId);
  if (!workflow) throw workflowNotFound(id);
  return workflow;
}
