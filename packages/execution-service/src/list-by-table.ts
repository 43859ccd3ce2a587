import type { CallOptions } from './call-database.ts';
import { callDatabase } from './call-database.ts';
import type { Position } from './cursor.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { ROW_COLUMNS, toExecutionRow } from './from-row.ts';
import type { ListedRow } from './large-metadata.ts';
import { addLargeMetadata, withinBytes } from './large-metadata.ts';
import type { ListRequest, Page, PageRequest } from './list-request.ts';
import { cursorList } from './list-request.ts';
import type { Supabase } from './supabase.ts';

/** Whether PostgREST's table endpoint can express the list; a function answers the others. */
export function canUseTableEndpoint({ filter, orderBy }: ListRequest): boolean {
  const { status, from, to, verdict, ...others } = filter;
  return orderBy !== 'duration' && Object.values(others).every((part) => part === undefined);
}

/** Whether one index finds the list's executions in its order, so that any page of it costs what it shows. */
export function isServedByIndex(list: ListRequest): boolean {
  const { scope, filter, orderBy } = list;
  if (!canUseTableEndpoint(list)) return false;
  if (scope.userId === undefined && scope.workflowId === undefined) return false;
  if (orderBy === 'completed_at' && (filter.from || filter.to || filter.verdict)) return false;
  if (!filter.status && !filter.verdict) return true;
  if (scope.userId === undefined || scope.workflowId !== undefined) return false;
  if (!filter.status) return true;
  const [status, ...more] = filter.status;
  // Nearly all are completed: no index holds those apart, and where they are few there is no end to skipping the others.
  return more.length === 0 && !filter.verdict && status !== 'completed';
}

/**
 * One page by the table endpoint, within the client's row-level security. The cursor bounds the order column itself,
 * in addition to the tie on the id: with an `or` alone Postgres filters row by row up to the cursor instead of starting there.
 */
export async function listByTable(
  supabase: Supabase,
  list: ListRequest,
  { limit, offset, cursor, metadataBytes, call }: PageRequest & { call: CallOptions | undefined },
): Promise<Page> {
  const after = cursor ? decodeCursor(cursorList(list), cursor) : null;
  const from = after ? { limit: limit + 1, after } : { limit: limit + 1, offset };
  const rows = await callDatabase(() => tableQuery(supabase, list, from), call);

  const listed = withinBytes((rows as unknown as ListedRow[]).slice(0, limit), metadataBytes);
  const page = listed.map(toExecutionRow);
  await addLargeMetadata(supabase, { listed, rows: page, call });
  const last = page.at(-1);
  const value = list.orderBy === 'completed_at' ? last?.completedAt : last?.startedAt;
  if (!last || !value) return Object.assign(page, { nextCursor: null, searchedUntil: null });
  const end = { value, id: last.id };
  // A short page is the last one, or was cut at the API's limit of rows: only what comes after it tells.
  const hasMore =
    rows.length > listed.length ||
    (await callDatabase(() => tableQuery(supabase, list, { limit: 1, after: end }), call)).length > 0;
  return Object.assign(page, { nextCursor: hasMore ? encodeCursor(cursorList(list), end) : null, searchedUntil: null });
}

type Part = { limit: number; after: Position } | { limit: number; offset: number };

function tableQuery(supabase: Supabase, { scope, filter, ascending, ...list }: ListRequest, part: Part) {
  const orderBy = list.orderBy === 'completed_at' ? 'completed_at' : 'started_at';
  let query = supabase.from('execution_rows').select(ROW_COLUMNS);
  if (scope.userId !== undefined) query = query.eq('created_by', scope.userId);
  if (scope.workflowId !== undefined) query = query.eq('workflow_id', scope.workflowId);
  if (filter.status?.length === 1) query = query.eq('status', filter.status[0] as string);
  else if (filter.status) query = query.in('status', filter.status);
  if (filter.from) query = query.gte('started_at', filter.from);
  if (filter.to) query = query.lt('started_at', filter.to);
  if (filter.verdict) query = query.eq('verdict', filter.verdict);
  if (orderBy === 'completed_at') query = query.not('completed_at', 'is', null);
  if ('after' in part) {
    const { value, id } = part.after;
    const beyond = ascending ? 'gt' : 'lt';
    query = query.filter(orderBy, `${beyond}e`, value);
    query = query.or(`${orderBy}.${beyond}."${value}",id.${beyond}.${id}`);
  }
  query = query.order(orderBy, { ascending }).order('id', { ascending });
  return 'after' in part ? query.limit(part.limit) : query.range(part.offset, part.offset + part.limit - 1);
}
