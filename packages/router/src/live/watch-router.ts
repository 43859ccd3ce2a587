import type { TRPCRouterRecord } from '@trpc/server';
// The declarations that are published name its types by it; without it there is no name for them.
import type {} from '@trpc/server/unstable-core-do-not-import';
import type { ExecutionRules } from '../execution-rules.ts';
import { LastEventId } from '../request.ts';
import { AnsweredStats, StatsRequest } from '../statistics-router.ts';
import { countedFilter, resolved } from '../statistics-scope.ts';
import { authedProcedure } from '../trpc.ts';
import { listScope, of } from '../whose.ts';
import { eventsOf } from './events-of.ts';
import { createLive } from './live.ts';
import { ExecutionEvent, WatchExecutionRequest, watchExecution } from './watch-execution.ts';
import { ExecutionsEvent, WatchExecutionsRequest, watchExecutions } from './watch-executions.ts';
import { watchStats } from './watch-stats.ts';

/**
 * What callers are told as it happens, as server-sent events. Each has an id; a client that comes back with the last one misses
 * nothing that it was not told. An event may come twice: whoever keeps rows drops those of an older revision.
 */
export function createWatchProcedures({
  names,
  publishing,
  limits,
  eventKey,
}: Pick<ExecutionRules, 'names' | 'publishing' | 'limits' | 'eventKey'>) {
  const live = createLive(names, limits, eventKey);
  return {
    /** One execution as it stands, and again whenever it changes, until it is settled. */
    watchExecution: authedProcedure
      .input(WatchExecutionRequest)
      .output(eventsOf(ExecutionEvent))
      .subscription(({ ctx, input, signal }) =>
        live.stream({ ctx, signal }, (until) => watchExecution(ctx, live, { ...input, signal: until })),
      ),

    /**
     * A page of the caller's executions, or of everybody's for an operator, then whatever changes among all of them, and whether
     * the list shows it.
     */
    watchExecutions: authedProcedure
      .input(WatchExecutionsRequest.prefault({}))
      .output(eventsOf(ExecutionsEvent))
      .subscription(({ ctx, input, signal }) =>
        live.stream({ ctx, signal }, (until) => watchExecutions(ctx, live, { ...input, signal: until })),
      ),

    /** What `getStats` answers, and again after the caller's executions have changed, at most once a second. */
    watchStats: authedProcedure
      .input(StatsRequest.extend({ lastEventId: LastEventId, of }).prefault({}))
      .output(eventsOf(AnsweredStats))
      .subscription(({ ctx, input: { lastEventId = null, of: whose, filter: asked, ...window }, signal }) =>
        live.stream({ ctx, signal }, (until) => {
          const scope = listScope(ctx, whose);
          const { filter, ignored } = countedFilter(ctx, { scope, owned: null, publishing }, asked);
          // A relative window moves on with each reading.
          const read = async () => ({
            ...(await ctx.caller.reader.stats(scope, { ...resolved(window), filter })),
            ignored,
          });
          return watchStats(ctx, live, { scope, read, lastEventId, signal: until });
        }),
      ),
  } satisfies TRPCRouterRecord;
}
