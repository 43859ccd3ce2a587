import type { ExecutionCount, Scope, Workflow } from '@runledger/contracts';
import { ExecutionError, ExecutionSummary, FilterRequest, OrderRequest } from '@runledger/contracts';
import { z } from 'zod';
import type { CallerContext } from './context.ts';
import { workflowNotFound } from './create-execution.ts';
import type { ExecutionRules } from './execution-rules.ts';
import type { Publishing } from './publishing.ts';
import { requireRows } from './publishing.ts';
import { PageRequest } from './request.ts';
import type { WorkflowNames } from './workflow-names.ts';

const PagedRequest = { ...OrderRequest.shape, ...PageRequest.shape };
/** Of the caller's own executions: there is no other user to ask for. */
const OwnFilter = FilterRequest.omit({ userId: true });
const OfWorkflow = { workflowId: z.uuid() };

export const ListRequest = OwnFilter.extend(PagedRequest);
export const CountRequest = OwnFilter;
export const WorkflowListRequest = FilterRequest.extend({ ...PagedRequest, ...OfWorkflow });
export const WorkflowCountRequest = FilterRequest.extend(OfWorkflow);

/** An execution without its payloads, and what its workflow is called. */
export const ListedExecution = z.intersection(
  ExecutionSummary,
  z.object({ workflow: z.object({ id: z.uuid(), name: z.string() }) }),
);

/** One page. */
export const ExecutionList = z.object({
  items: z.array(ListedExecution),
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
  names: WorkflowNames,
  { scope, ...request }: z.output<typeof ListRequest> & { scope: Scope },
): Promise<z.output<typeof ExecutionList>> {
  const { limit, cursor, orderBy, orderDirection, ...filter } = request;
  const page = await ctx.caller.reader.list(scope, filter, {
    limit,
    cursor: cursor ?? null,
    orderBy,
    orderDirection,
  });
  return {
    items: await names.name(ctx.workflows, page),
    nextCursor: page.nextCursor,
    searchedUntil: page.searchedUntil,
  };
}

export async function countExecutions(
  ctx: CallerContext,
  scope: Scope,
  filter: z.output<typeof CountRequest>,
): Promise<ExecutionCount> {
  return ctx.caller.reader.count(scope, filter);
}

/** Filters that say something of what is in a row, or whose it is: with them a count is an answer about one execution. */
const ABOUT_ROWS = ['userId', 'verdict', 'tags', 'allTags', 'failureGroup', 'text', 'ids'] as const;

/** Counts all users' executions of a workflow for its owner; by what is in them only where the host shows that. */
export async function countWorkflowExecutions(
  ctx: CallerContext,
  publishing: Publishing,
  { workflowId, ...filter }: z.output<typeof WorkflowCountRequest>,
): Promise<ExecutionCount> {
  const workflow = await requireOwned(ctx, workflowId);
  if (ABOUT_ROWS.some((field) => filter[field] !== undefined)) requireRows(publishing, ctx.caller, workflow);
  return countExecutions(ctx, scopeOfOwner(workflow), { workflowId, ...filter });
}

/** Lists all users' executions of a workflow for its owner, where the host shows them. */
export async function listWorkflowExecutions(
  ctx: CallerContext,
  { publishing, names }: Pick<ExecutionRules, 'publishing' | 'names'>,
  request: z.output<typeof WorkflowListRequest>,
): Promise<z.output<typeof ExecutionList>> {
  const workflow = await requireOwned(ctx, request.workflowId);
  requireRows(publishing, ctx.caller, workflow);
  return listExecutions(ctx, names, { ...request, scope: scopeOfOwner(workflow) });
}

/** The scope in which the owner of a workflow has all users' executions of it. */
const scopeOfOwner = ({ userId, id }: Workflow): Scope => ({ userId, ownedWorkflowId: id });

/** @throws `not_found` for who may not use the workflow, `permission_denied` for who may and does not own it */
async function requireOwned(ctx: CallerContext, workflowId: string): Promise<Workflow> {
  const { userId } = ctx.caller;
  const workflow = await ctx.workflows.getWorkflow(workflowId, userId);
  if (!workflow) throw workflowNotFound(workflowId);
  if (workflow.userId === userId) return workflow;
  const whose = `Only the owner of the workflow ${workflowId} sees what others ran of it.`;
  throw new ExecutionError('permission_denied', `${whose} listExecutions shows your own.`);
}
