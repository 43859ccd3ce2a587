import type { Json } from '@runledger/contracts';
import type { CallOptions } from './call-database.ts';
import { callDatabase } from './call-database.ts';
import type { Position } from './cursor.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { toExecutionRow } from './from-row.ts';
import type { ListRequest, ListScope, Page } from './list-request.ts';
import { cursorList } from './list-request.ts';
import type { Supabase } from './supabase.ts';

/** A scope as the functions of the database take it. */
export function scopeArguments({ userId, workflowId, everybody }: ListScope) {
  return {
    ...(userId === undefined ? {} : { p_user_id: userId }),
    ...(workflowId === undefined ? {} : { p_workflow_id: workflowId }),
    ...(everybody ? { p_everybody: true } : {}),
  };
}

/** Says to a function that names its user otherwise that everybody is meant. */
export const everybodyArgument = ({ everybody }: { everybody?: true | undefined }) =>
  everybody ? { p_everybody: true } : {};

interface Answer {
  rows: object[];
  next: { value: string | number; id: string } | null;
  searchedUntil: string | null;
}

/** One page by the database's search: any filter and order, within a share of reading. Needs the service role. */
export async function searchExecutions(
  supabase: Supabase,
  list: ListRequest,
  { limit, cursor, call }: { limit: number; cursor: string | null; call: CallOptions | undefined },
): Promise<Page> {
  const after: Position | null = cursor ? decodeCursor(cursorList(list), cursor) : null;
  const answer = await callDatabase(
    () =>
      supabase.rpc('search_executions', {
        ...scopeArguments(list.scope),
        p_filter: list.filter as Json,
        p_order_by: list.orderBy,
        p_ascending: list.ascending,
        p_limit: limit,
        ...(after ? { p_after: { value: after.value, id: after.id } } : {}),
      }),
    call,
  );
  const { rows, next, searchedUntil } = answer as unknown as Answer;
  const nextCursor = next && encodeCursor(cursorList(list), { value: String(next.value), id: next.id });
  return Object.assign(rows.map(toExecutionRow), { nextCursor, searchedUntil });
}
