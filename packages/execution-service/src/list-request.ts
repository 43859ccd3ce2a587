import type {
  ExecutionFilter,
  ExecutionOrder,
  ExecutionPage,
  ExecutionRow,
  FilterWindow,
  ListExecutionsOptions,
} from '@runledger/contracts';
import {
  CURSOR_LIMIT,
  ExecutionError,
  FilterRequest,
  issuesSentence,
  OrderRequest,
  PAGE,
  resolveFilter,
  windowOf,
} from '@runledger/contracts';
import { z } from 'zod';

/** Whose executions: of a user, of a workflow, or both; of everybody only where the scope names them. */
export interface ListScope {
  userId?: string | undefined;
  workflowId?: string | undefined;
  everybody?: true | undefined;
}

/** A list as both ways of reading it take it: whose, which, in what order. */
export interface ListRequest {
  scope: ListScope;
  /** Without the parts that the scope has, and with its relative instants as they are now. */
  filter: Omit<ExecutionFilter, 'userId' | 'workflowId'>;
  /** The filter as it was asked for: what a cursor belongs to, page after page. */
  asked: Omit<ExecutionFilter, 'userId' | 'workflowId'>;
  orderBy: ExecutionOrder;
  ascending: boolean;
}

/** The list that a cursor belongs to. */
export const cursorList = ({ scope, asked, orderBy, ascending }: ListRequest) => ({
  ...{ scope, filter: asked, orderBy, ascending },
});

/** A page as the database answers it. */
export type Page = ExecutionRow[] & Pick<ExecutionPage, 'nextCursor' | 'searchedUntil'>;

/** What pages and counts say of the instants that they were asked by. */
export interface AskedAt {
  window: FilterWindow;
  asOf: string;
}

export interface PageRequest {
  limit: number;
  offset: number;
  cursor: string | null;
  /** Bytes of large metadata at which the page ends. Default: it does not. */
  metadataBytes?: number | undefined;
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
  const both = { userId: scope.userId ?? userId, workflowId: scope.workflowId ?? workflowId };
  const isWide = scope.everybody && both.userId === undefined && both.workflowId === undefined;
  return isWide ? { ...both, everybody: true } : both;
}

/** Of a single user a list is that user's, with the indexes of that. */
function oneUser<F extends Pick<ExecutionFilter, 'userId' | 'userIds'>>({ userId }: ListScope, filter: F): F {
  const [only, ...more] = [...new Set(filter.userIds)];
  const isOne = only !== undefined && more.length === 0 && (userId ?? filter.userId ?? only) === only;
  if (!isOne) return filter;
  const { userIds: _, ...rest } = filter;
  return { ...(rest as F), userId: only };
}

/** Checks what was asked for. @throws ExecutionError `invalid_input` */
export function parseListRequest(
  scope: ListScope,
  options: ListExecutionsOptions,
): { list: ListRequest; page: PageRequest; askedAt: AskedAt } {
  const parsed = Options.safeParse(options);
  if (!parsed.success) {
    throw new ExecutionError('invalid_input', `Invalid list options: ${issuesSentence(parsed.error)}`, {
      cause: parsed.error,
      fields: z.flattenError(parsed.error).fieldErrors,
    });
  }
  const { limit, offset, cursor, orderBy, orderDirection, workflowId, ...named } = parsed.data;
  const { userId, ...asked } = oneUser(scope, named);
  if (!asked.status?.length) delete asked.status;
  const now = Date.now();
  const filter = resolveFilter(asked, now);
  return {
    list: { scope: within(scope, { userId, workflowId }), filter, asked, orderBy, ascending: orderDirection === 'asc' },
    askedAt: { window: windowOf(asked, now), asOf: new Date(now).toISOString() },
    page: { limit, offset, cursor: cursor ?? null },
  };
}
