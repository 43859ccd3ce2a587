import type { ExecutionPage, ListExecutionsOptions } from '@runledger/contracts';
import { ExecutionError, isExecutionError } from '@runledger/contracts';
import type { CallOptions } from './call-database.ts';
import { canUseTableEndpoint, isServedByIndex, listByTable } from './list-by-table.ts';
import type { ListRequest, ListScope, Page, PageRequest } from './list-request.ts';
import { parseListRequest } from './list-request.ts';
import { searchExecutions } from './search-executions.ts';
import type { Supabase } from './supabase.ts';

export interface ListClients {
  /** Reads the table; row-level security applies to what it may see. */
  table: Supabase;
  /** Calls the database's search, which needs the service role. */
  search: Supabase;
  call?: CallOptions;
  /** Bytes of large metadata at which a page ends. Default: it does not. */
  metadataBytes?: number;
}

/**
 * One page. What an index serves goes by the table endpoint, under the caller's own row-level security; everything else
 * by the database's search, with the scope as its argument. A user's own client may not search: what the table endpoint
 * can say it reads there, at whatever that costs.
 */
export async function listExecutions(
  { metadataBytes, ...clients }: ListClients,
  scope: ListScope,
  options: ListExecutionsOptions,
): Promise<ExecutionPage> {
  const { list, page, askedAt } = parseListRequest(scope, options);
  return Object.assign(await readPage(clients, list, { ...page, metadataBytes }), askedAt);
}

async function readPage({ table, search, call }: ListClients, list: ListRequest, page: PageRequest): Promise<Page> {
  if (isServedByIndex(list) || (page.offset > 0 && !list.scope.everybody && canUseTableEndpoint(list)))
    return listByTable(table, list, { ...page, call });
  if (page.offset > 0) {
    const message = 'This list has no offset: what it skips would have to be searched. Page by cursor.';
    throw new ExecutionError('invalid_input', message, { fields: { offset: ['is not 0'] } });
  }
  try {
    return await searchExecutions(search, list, { ...page, call });
  } catch (error) {
    const refused = isExecutionError(error) && error.code === 'permission_denied' && !list.scope.everybody;
    if (refused && canUseTableEndpoint(list)) return listByTable(table, list, { ...page, call });
    throw error;
  }
}
