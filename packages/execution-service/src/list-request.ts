import type { ExecutionFilter, ExecutionOrder, ListExecutionsOptions } from '@runledger/contracts';
import { CURSOR_LIMIT, ExecutionError, FilterRequest, OrderRequest, PAGE } from '@runledger/contracts';
import { z } from 'zod';

/** Whose executions: of a user, of a workflow, or both. */
export interface ListScope {
  userId?: string | undefined;
  workflowId?: string | undefined;
}

/** A list as both ways of reading it take it: whose, which, in what order. */
export interface ListRequest {
  scope: ListScope;
  /** Without the parts that the scope has. */
  filter: Omit<ExecutionFilter, 'userId' | 'workflowId'>;
  orderBy: ExecutionOrder;
  ascending: boolean;
}

export interface PageRequest {
  limit: number;
  offset: number;
  cursor: string | null;
}

const Options = z.object({
  ...FilterRequest.shape,
  ...OrderRequest.shape,
  limit: z.number().int().min(1).max(PAGE.most).default(PAGE.usual),
  offset: z.number().int().min(0).max(1_000_000).default(0),
  cursor: z.string().max(CURSOR_LIMIT).nullish(),
});

/** Both where both are given: a list of one user's executions has no other's. @throws `invalid_input` where they differ */
function within(scope: ListScope, { userId, workflowId }: ListScope): ListScope {
  for (const [name, own, asked] of [
    ['userId', scope.userId, userId],
    ['workflowId', scope.workflowId, workflowId],
  ] as const) {
    if (own !== undefined && asked !== undefined && own !== asked) {
      const message = `The list is of ${name} ${own}: the filter cannot ask for ${asked}. Leave ${name} out of it.`;
      throw new ExecutionError('invalid_input', message, { fields: { [name]: ['differs from that of the list'] } });
    }
  }
  return { userId: scope.userId ?? userId, workflowId: scope.workflowId ?? workflowId };
}

/** Checks what was asked for. @throws ExecutionError `invalid_input` */
export function parseListRequest(
  scope: ListScope,
  options: ListExecutionsOptions,
): { list: ListRequest; page: PageRequest } {
  const parsed = Options.safeParse(options);
  if (!parsed.success) {
    throw new ExecutionError('invalid_input', `Invalid list options: ${z.prettifyError(parsed.error)}`, {
      cause: parsed.error,
      fields: z.flattenError(parsed.error).fieldErrors,
    });
  }
  const { limit, offset, cursor, orderBy, orderDirection, userId, workflowId, ...filter } = parsed.data;
  if (!filter.status?.length) delete filter.status;
  return {
    list: { scope: within(scope, { userId, workflowId }), filter, orderBy, ascending: orderDirection === 'asc' },
    page: { limit, offset, cursor: cursor ?? null },
  };
}
