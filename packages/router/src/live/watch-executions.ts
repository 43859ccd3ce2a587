import type { ExecutionChange, ExecutionFilter, Scope } from '@runledger/contracts';
import { DELETED_BY, ID_COUNT, ListedExecution, matchesFilter, resolveFilter } from '@runledger/contracts';
import { tracked } from '@trpc/server';
import { z } from 'zod';
import type { CallerContext } from '../context.ts';
import { ExecutionList, ListRequest, listExecutions } from '../list-executions.ts';
import { readFilterOf } from '../read-filter.ts';
import { LastEventId } from '../request.ts';
import { followed, listScope } from '../whose.ts';
import type { Live } from './live.ts';

export const WatchExecutionsRequest = ListRequest.extend({ lastEventId: LastEventId });

const ListChange = z.union([
  z.object({
    execution: ListedExecution,
    /** Whether the list shows it, as it stands now: one that was shown may no longer fit, and a new one may. */
    fits: z.boolean(),
  }),
  z.object({
    deletedId: z.string(),
    /** Its owner, or retention; `null` where it went with its workflow or user, and where that is not known. */
    deletedBy: z.enum(DELETED_BY).nullable(),
  }),
]);
type ListChange = z.infer<typeof ListChange>;

/**
 * `snapshot`: the first page, and all that was known is to be forgotten; at the beginning, and where it is no longer known what
 * changed since the last event. `changes`: of the caller's executions, whether the list shows them or not; none says that
 * nothing has changed since the last event.
 */
export const ExecutionsEvent = z.discriminatedUnion('kind', [
  ExecutionList.extend({ kind: z.literal('snapshot') }),
  z.object({ kind: z.literal('changes'), changes: z.array(ListChange) }),
]);
export type ExecutionsEvent = z.infer<typeof ExecutionsEvent>;

/** A page of the executions of a scope, then whatever changes. It never ends by itself. */
export async function* watchExecutions(
  ctx: CallerContext,
  live: Live,
  { lastEventId = null, signal, of, ...list }: z.output<typeof WatchExecutionsRequest> & { signal: AbortSignal },
) {
  const scope = listScope(ctx, of);
  const { limit: _, cursor: _from, orderBy: _by, orderDirection: _to, ...parts } = list;
  const { filter } = readFilterOf(parts, scope);
  for await (const { changes, cursor, isReset } of live.follow(ctx, { userId: followed(scope), lastEventId, signal })) {
    const told = isReset ? null : await describe(ctx, live, { scope, filter, changes, cursor });
    const data: ExecutionsEvent = told
      ? { kind: 'changes', changes: told }
      : { kind: 'snapshot', ...(await listExecutions(ctx, live.names, { ...list, scope })) };
    yield tracked(live.ids.idOf(cursor), data);
  }
}

/** What has changed as a list of this filter shows it: two requests of the ledger for a hundred at most. `null`: it is more than a page has. */
async function describe(
  ctx: CallerContext,
  live: Live,
  {
    scope,
    filter: asked,
    changes,
    cursor,
  }: { scope: Scope; filter: ExecutionFilter; changes: ExecutionChange[]; cursor: string },
): Promise<ListChange[] | null> {
  const filter = resolveFilter(asked, Date.now());
  const turn = live.turn(ctx);
  const described: ListChange[] = [];
  for (let start = 0; start < changes.length; start += ID_COUNT) {
    const told = changes.slice(start, start + ID_COUNT);
    const ids = told.map(({ executionId }) => executionId);
    const page = { limit: ID_COUNT, cursor: null, orderBy: 'started_at', orderDirection: 'desc' } as const;
    const found = await live.shared(ctx)(JSON.stringify([scope, cursor, ids]), () =>
      ctx.caller.reader.list(scope, { ids }, page),
    );
    if (found.nextCursor !== null) return null;
    await turn(found.length);
    // As their reader sees them: a filter does not find out what is redacted.
    const rows = await live.names.describe(ctx, found);
    // What the row does not tell (health, the kind of failure), the database does.
    const isToldByRow = rows.every((row) => matchesFilter(filter, row) !== null);
    const fitting = isToldByRow ? [] : await ctx.caller.reader.list(scope, { ...filter, ids }, page);
    const fits = new Set(fitting.map(({ id }) => id));
    for (const execution of rows)
      described.push({ execution, fits: matchesFilter(filter, execution) ?? fits.has(execution.id) });
    const there = new Set(rows.map(({ id }) => id));
    for (const { executionId, deletedBy = null } of told)
      if (!there.has(executionId)) described.push({ deletedId: executionId, deletedBy });
  }
  // As long once more, until it is checked and written.
  await turn(described.length);
  return described;
}
