import type { ExecutionFilter, Scope, Workflow } from '@runledger/contracts';
import {
  ExecutionCount,
  ExecutionError,
  FILTER_TEXT_LIMIT,
  FilterRequest,
  ListedExecution,
  OrderRequest,
  Timestamp,
} from '@runledger/contracts';
import { z } from 'zod';
import type { Caller, CallerContext } from './context.ts';
import type { ExecutionRules } from './execution-rules.ts';
import type { Publishing } from './publishing.ts';
import { requireRows } from './publishing.ts';
import { readFilterOf } from './read-filter.ts';
import { PageRequest } from './request.ts';
import type { RowFactsCache } from './row-facts.ts';
import { of } from './whose.ts';
import { workflowNotFound } from './workflow-not-found.ts';

const FilterText = z.string().max(FILTER_TEXT_LIMIT);
const PagedRequest = { ...OrderRequest.shape, ...PageRequest.shape };
const OfWorkflow = { workflowId: z.uuid() };

/** The filter as text (`encodeFilter`) or as an object. Its parts may stand beside it too, and count more. */
export const whole = <F extends z.ZodType>(filter: F) => ({ filter: z.union([FilterText, filter]).optional() });

export const CountRequest = FilterRequest.extend({ ...whole(FilterRequest), of });
export const ListRequest = CountRequest.extend(PagedRequest);
export const WorkflowCountRequest = FilterRequest.extend({ ...whole(FilterRequest), ...OfWorkflow });
export const WorkflowListRequest = WorkflowCountRequest.extend(PagedRequest);

/** What was asked for, as it was understood. */
const Asked = {
  /** The instants of the filter: relative ones (`-24h`) as they were by the server's clock. */
  window: ExecutionCount.shape.window,
  asOf: Timestamp,
  /** What a filter as text has beside a filter (`colour`, `status=nonsense`); it was left out. */
  ignored: z.array(z.string()),
};

/** One page. */
export const ExecutionList = z.object({
  items: z.array(ListedExecution),
  /** `null` at the end. A page ends early where metadata of more than 2,500 bytes comes to half a megabyte. */
  nextCursor: z.string().nullable(),
  /**
   * Set when the page stopped before it was full: everything up to this sort value has been searched, and `nextCursor`
   * goes on from there.
   */
  searchedUntil: z.string().nullable(),
  ...Asked,
});

/** How many executions a filter finds. */
export const FilteredCount = ExecutionCount.extend({ ignored: Asked.ignored });

/** A page of the executions of a scope. */
export async function listExecutions(
  ctx: CallerContext,
  names: RowFactsCache,
  { scope, ...request }: Omit<z.output<typeof ListRequest>, 'of'> & { scope: Scope },
): Promise<z.output<typeof ExecutionList>> {
  const { limit, cursor, orderBy, orderDirection, ...parts } = request;
  const { filter, ignored } = readFilterOf(parts, scope);
  const page = await ctx.caller.reader.list(scope, filter, {
    limit,
    cursor: cursor ?? null,
    orderBy,
    orderDirection,
  });
  return {
    items: await names.describe(ctx, page),
    nextCursor: page.nextCursor,
    searchedUntil: page.searchedUntil,
    window: page.window,
    asOf: page.asOf,
    ignored,
  };
}

export async function countExecutions(
  ctx: CallerContext,
  scope: Scope,
  request: Omit<z.output<typeof CountRequest>, 'of'>,
): Promise<z.output<typeof FilteredCount>> {
  const { filter, ignored } = readFilterOf(request, scope);
  return { ...(await ctx.caller.reader.count(scope, filter)), ignored };
}

/** Filters that say something of what is in a row, or whose it is: with them a count is an answer about one execution. */
const ABOUT_ROWS = ['userId', 'userIds', 'verdict', 'tags', 'allTags', 'failureGroup', 'text', 'ids'] as const;

/** What an owner may count others' executions by. @throws ExecutionError `permission_denied` unless the host shows them rows */
export function requireCounts(
  { publishing, caller, workflow }: { publishing: Publishing; caller: Caller; workflow: Workflow },
  filter: ExecutionFilter,
): void {
  if (filter.not?.tags || ABOUT_ROWS.some((field) => filter[field] !== undefined))
    requireRows(publishing, caller, workflow);
}

/** Counts all users' executions of a workflow for its owner; by what is in them only where the host shows that. */
export async function countWorkflowExecutions(
  ctx: CallerContext,
  publishing: Publishing,
  request: z.output<typeof WorkflowCountRequest>,
): Promise<z.output<typeof FilteredCount>> {
  const { workflowId } = request;
  const workflow = await requireOwned(ctx, workflowId);
  const { filter, ignored } = readFilterOf(request, scopeOfOwner(workflow));
  requireCounts({ publishing, caller: ctx.caller, workflow }, filter);
  return { ...(await ctx.caller.reader.count(scopeOfOwner(workflow), filter)), ignored };
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
export async function requireOwned(ctx: CallerContext, workflowId: string): Promise<Workflow> {
  const { userId } = ctx.caller;
  const workflow = await ctx.workflows.getWorkflow(workflowId, userId);
  if (!workflow) throw workflowNotFound(workflowId);
  if (workflow.userId === userId) return workflow;
  const whose = `Only the owner of the workflow ${workflowId} sees what others ran of it.`;
  throw new ExecutionError('permission_denied', `${whose} listExecutions shows your own.`);
}
