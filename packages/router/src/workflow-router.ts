import type { Json } from '@runledger/contracts';
import {
  CreateWorkflowInput,
  ExecutionError,
  UpdateWorkflowInput,
  Workflow,
  WorkflowPage,
  WorkflowRef,
} from '@runledger/contracts';
import type { TRPCRouterRecord } from '@trpc/server';
import { z } from 'zod';
import type { Caller, CallerContext } from './context.ts';
import type { ExecutionRules } from './execution-rules.ts';
import { jsonBytes } from './limits.ts';
import { requirePublisher } from './publishing.ts';
import { readInTurn } from './reading-in-turn.ts';
import { PageRequest } from './request.ts';
import { authedProcedure } from './trpc.ts';
import { workflowNotFound } from './workflow-not-found.ts';

/** Definitions of a list for a place of its reader's: each may have a schema of 32 KB. */
const WORKFLOWS_A_PLACE = 40;

/** What can be run. Users define workflows only over what the host lists as startable. */
export function createWorkflowRouter({ requireStartable, schemas, limits, publishing, names }: ExecutionRules) {
  const rightsOf = (caller: Caller) => ({
    mayPublish: publishing.mayPublish(caller),
    atMost: limits.workflowsPerUser,
  });
  const checkSchema = async (schema: Record<string, Json> | null | undefined, { userId }: Caller) => {
    if (schema) await schemas.check(schema, userId);
  };
  return {
    /** The caller's own first, then what others publish and who does, each by name; archived ones are left out. A page ends early where schemas have half a megabyte. */
    list: authedProcedure
      .input(PageRequest.extend({ limit: PageRequest.shape.limit.unwrap().default(100) }).prefault({}))
      .output(WorkflowPage)
      .query(({ ctx, input: { limit, cursor } }) =>
        readInTurn(ctx, Math.ceil(limit / WORKFLOWS_A_PLACE), () =>
          ctx.workflows.listWorkflows(ctx.caller.userId, { limit, cursor: cursor ?? null }),
        ),
      ),

    /** By its id, or by the key of the host's own row that it follows. */
    get: authedProcedure
      .input(z.object({ id: WorkflowRef }))
      .output(Workflow)
      .query(({ ctx, input }) => requireWorkflow(ctx, input.id)),

    /** Defines a workflow of the caller's, of what this host may start. Published ones, which others may start, need the right to publish. */
    create: authedProcedure
      .input(CreateWorkflowInput)
      .output(Workflow)
      .mutation(async ({ ctx, input }) => {
        requireStartable({ namespace: input.temporalNamespace, ...input });
        if (input.visibility === 'published') requirePublisher(publishing, ctx.caller);
        await checkSchema(input.inputSchema, ctx.caller);
        await ctx.limits?.take('storedBytes', ctx.caller.userId, jsonBytes(input));
        return ctx.workflows.createWorkflow(ctx.caller.userId, input, rightsOf(ctx.caller));
      }),

    /**
     * Changes what is given and leaves the rest; only its owner may. Executions that run keep what they began with. What
     * others may start afterwards needs the right to publish; withdrawing it does not.
     */
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
        if (isOffered(workflow, update)) requirePublisher(publishing, ctx.caller);
        await checkSchema(update.inputSchema, ctx.caller);
        await ctx.limits?.take('storedBytes', ctx.caller.userId, jsonBytes(update));
        const mayReveal = ctx.caller.seesClear?.(workflow) === true;
        const rights = { ...rightsOf(ctx.caller), mayReveal };
        const updated = await ctx.workflows.updateWorkflow(id, ctx.caller.userId, update, rights);
        names.forget(ctx.ledger, id);
        return updated;
      }),
  } satisfies TRPCRouterRecord;
}

/** Whether others may start it once it is updated. */
function isOffered(workflow: Workflow, { visibility, archived }: UpdateWorkflowInput): boolean {
  const isArchived = archived ?? workflow.archivedAt !== null;
  return (visibility ?? workflow.visibility) === 'published' && !isArchived;
}

async function requireWorkflow(ctx: CallerContext, id: string): Promise<Workflow> {
  const workflow = await ctx.workflows.getWorkflow(id, ctx.caller.userId);
  if (!workflow) throw workflowNotFound(id);
  return workflow;
}
