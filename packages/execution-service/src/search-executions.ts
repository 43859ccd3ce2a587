import type { ExecutionOrder, Json } from '@runledger/contracts';
import type { CallOptions } from './call-database.ts';
import { callDatabase } from './call-database.ts';
import type { Position } from './cursor.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { toExecutionRow } from './from-row.ts';
import type { ListedRow } from './large-metadata.ts';
import { addLargeMetadata, withinBytes } from './large-metadata.ts';
import type { ListRequest, ListScope, Page, PageRequest } from './list-request.ts';
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

/** What a page is sorted by. */
const COLUMNS = {
  started_at: 'started_at',
  completed_at: 'completed_at',
  duration: 'duration_ms',
} as const satisfies Record<ExecutionOrder, string>;

interface Answer {
  rows: (ListedRow & Record<(typeof COLUMNS)[ExecutionOrder], string | number>)[];
  next: { value: string | number; id: string } | null;
  searchedUntil: string | null;
}

/** One page by the database's search: any filter and order, within a share of reading. Needs the service role. */
export async function searchExecutions(
  supabase: Supabase,
  list: ListRequest,
  { limit, cursor, metadataBytes, call }: Omit<PageRequest, 'offset'> & { call: CallOptions | undefined },
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
  const { rows, ...found } = answer as unknown as Answer;
  const listed = withinBytes(rows, metadataBytes);
  const page = listed.map(toExecutionRow);
  await addLargeMetadata(supabase, { listed, rows: page, call });
  const last = listed.length < rows.length ? listed.at(-1) : undefined;
  const { next, searchedUntil } = last
    ? { next: { value: last[COLUMNS[list.orderBy]], id: last.id }, searchedUntil: null }
    : found;
  const nextCursor = next && encodeCursor(cursorList(list), { value: String(next.value), id: next.id });
  return Object.assign(page, { nextCursor, searchedUntil });
}
