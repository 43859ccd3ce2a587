import type { ExecutionCount, Scope } from '@runledger/contracts';
import { ExecutionError, ExecutionSummary, FilterRequest, OrderRequest } from '@runledger/contracts';
import { z } from 'zod';
import type { CallerContext } from './context.ts';
import { workflowNotFound } from './create-execution.ts';
import { PageRequest } from './request.ts';

const PagedRequest = { ...OrderRequest.shape, ...PageRequest.shape };
/** Of the caller's own executions: there is no other user to ask for. */
const OwnFilter = FilterRequest.omit({ userId: true });
const OfWorkflow = { workflowId: z.uuid() };

export const ListRequest = OwnFilter.extend(PagedRequest);
export const CountRequest = OwnFilter;
export const WorkflowListRequest = FilterRequest.extend({ ...PagedRequest, ...OfWorkflow });
export const WorkflowCountRequest = FilterRequest.extend(OfWorkflow);

/** One page. */
export const ExecutionList = z.object({
  items: z.array(ExecutionSummary),
  /** `null` at the end. */
  nextCursor: z.string().nullable(),
  /**
   * Set when the page stopped before it was full: everything up to this sort value has been searched, and `nextCursor`
   * goes on from there.
   */
  searchedUntil: z.string().nullable(),
});

/** A page of the caller's executions, or of a workflow's in the scope of its owner. */
export async function listExecutions(
  ctx: CallerContext,
  scope: Scope,
  request: z.output<typeof ListRequest>,
): Promise<z.output<typeof ExecutionList>> {
  const { limit, cursor, orderBy, orderDirection, ...filter } = request;
  const page = await ctx.caller.reader.list(scope, filter, {
    limit,
    cursor: cursor ?? null,
    orderBy,
    orderDirection,
  });
  return { items: [...page], nextCursor: page.nextCursor, searchedUntil: page.searchedUntil };
}

export async function countExecutions(
  ctx: CallerContext,
  scope: Scope,
  filter: z.output<typeof CountRequest>,
): Promise<ExecutionCount> {
  return ctx.caller.reader.count(scope, filter);
}

/**
 * The scope in which the owner of a workflow sees all users' executions of it.
 * @throws `not_found` for who may not use the workflow, `permission_denied` for who may and does not own it
 */
export async function ownersScope(ctx: CallerContext, workflowId: string): Promise<Scope> {
  const { userId } = ctx.caller;
  const workflow = await ctx.workflows.getWorkflow(workflowId, userId);
  if (!workflow) throw workflowNotFound(workflowId);
  if (workflow.userId === userId) return { userId, ownedWorkflowId: workflow.id };
  const whose = `Only the owner of the workflow ${workflowId} sees what others ran of it.`;
  throw new ExecutionError('permission_denied', `${whose} listExecutions shows your own.`);
}
