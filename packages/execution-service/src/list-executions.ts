import type { ExecutionPage, ListExecutionsOptions } from '@runledger/contracts';
import { ExecutionError } from '@runledger/contracts';
import { z } from 'zod';
import type { CallOptions } from './call-database.ts';
import { callDatabase } from './call-database.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { SUMMARY_COLUMNS, toExecutionSummary } from './from-row.ts';
import type { Supabase } from './supabase.ts';

/** Whose list: of a user, of a workflow, or both. */
export interface ListScope {
  userId?: string;
  workflowId?: string;
}

const STATUSES = ['pending', 'running', 'completed', 'failed', 'cancelled', 'timed_out', 'terminated'] as const;

const Options = z.object({
  limit: z.number().int().min(1).max(200).default(50),
  offset: z.number().int().min(0).max(1_000_000).default(0),
  status: z.union([z.enum(STATUSES), z.array(z.enum(STATUSES))]).optional(),
  orderBy: z.enum(['started_at', 'completed_at']).default('started_at'),
  orderDirection: z.enum(['asc', 'desc']).default('desc'),
  cursor: z.string().max(500).nullish(),
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
  verdict: z.string().min(1).max(100).optional(),
});

function parseOptions(options: ListExecutionsOptions): z.output<typeof Options> {
  const parsed = Options.safeParse(options);
  if (parsed.success) return parsed.data;
  throw new ExecutionError('invalid_input', `These list options cannot be: ${z.prettifyError(parsed.error)}`, {
    cause: parsed.error,
    fields: z.flattenError(parsed.error).fieldErrors,
  });
}

/**
 * One page. The cursor bounds the order column itself, besides the tie on the id: with an `or` alone Postgres filters
 * row by row up to the cursor instead of starting there. Ordered by `completed_at`, a list holds ended executions only.
 */
export async function listExecutions(
  supabase: Supabase,
  scope: ListScope,
  options: ListExecutionsOptions,
  call?: CallOptions,
): Promise<ExecutionPage> {
  const { limit, offset, status, orderBy, orderDirection, cursor, from, to, verdict } = parseOptions(options);
  const statuses = status === undefined ? [] : [status].flat();
  const list = [scope.userId, scope.workflowId, statuses, orderBy, orderDirection, from, to, verdict];
  const after = cursor ? decodeCursor(list, cursor) : null;
  const ascending = orderDirection === 'asc';

  const rows = await callDatabase(() => {
    let query = supabase.from('workflow_executions').select(SUMMARY_COLUMNS);
    if (scope.userId !== undefined) query = query.eq('created_by', scope.userId);
    if (scope.workflowId !== undefined) query = query.eq('workflow_id', scope.workflowId);
    if (statuses.length === 1) query = query.eq('status', statuses[0] as string);
    if (statuses.length > 1) query = query.in('status', statuses);
    if (from) query = query.gte('started_at', from);
    if (to) query = query.lt('started_at', to);
    if (verdict) query = query.eq('verdict', verdict);
    if (orderBy === 'completed_at') query = query.not('completed_at', 'is', null);
    if (after) {
      const beyond = ascending ? 'gt' : 'lt';
      query = query.filter(orderBy, `${beyond}e`, after.value);
      query = query.or(`${orderBy}.${beyond}."${after.value}",id.${beyond}.${after.id}`);
    }
    query = query.order(orderBy, { ascending }).order('id', { ascending });
    return after ? query.limit(limit + 1) : query.range(offset, offset + limit);
  }, call);

  const page = (rows as unknown as object[]).slice(0, limit).map(toExecutionSummary);
  const last = page.at(-1);
  const more = rows.length > limit && last !== undefined;
  const value = last === undefined ? null : orderBy === 'started_at' ? last.startedAt : last.completedAt;
  return Object.assign(page, { nextCursor: more && value ? encodeCursor(list, { value, id: last.id }) : null });
}
