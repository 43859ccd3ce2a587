import type { ExecutionCount, ExecutionFilter, Json } from '@runledger/contracts';
import type { CallOptions } from './call-database.ts';
import { callDatabase } from './call-database.ts';
import type { ListScope } from './list-request.ts';
import { parseListRequest } from './list-request.ts';
import { scopeArguments } from './search-executions.ts';
import type { Supabase } from './supabase.ts';

/** How many executions of a scope a filter finds. Needs the service role. @throws ExecutionError `invalid_input` */
export async function countExecutions(
  supabase: Supabase,
  scope: ListScope,
  { filter, call }: { filter: ExecutionFilter; call?: CallOptions },
): Promise<ExecutionCount> {
  const { list, askedAt } = parseListRequest(scope, filter);
  const counted = await callDatabase(
    () => supabase.rpc('count_executions', { ...scopeArguments(list.scope), p_filter: list.filter as Json }),
    call,
  );
  return { ...(counted as unknown as Omit<ExecutionCount, 'window'>), window: askedAt.window };
}
