import type { ExecutionReader, StatsFilter } from '@runledger/contracts';
import type { Caller } from './context.ts';
import type { UserLimits } from './user-limits.ts';

/** Rows of a list for a place, and latest executions of workflows, which are narrow. */
const ROWS_A_PLACE = 20;
const RUNS_A_PLACE = 300;
/** What goes through rows that no index or counter answers: one of them at a time, of five places. */
const FROM_ROWS = 5;
/** What may carry payloads of megabytes. */
const PAYLOADS = 5;

const rows = (count: number) => Math.ceil(count / ROWS_A_PLACE);
const counted = ({ filter, by = 'start' }: StatsFilter) => (filter || by === 'end' ? FROM_ROWS : 1);

/** Places of each reading, by what it is asked for. A new one does not compile before it is here. */
const PLACES = {
  get: (_scope, _id, options) => (options?.payloads === false ? 1 : PAYLOADS),
  health: () => 1,
  timeline: () => 2,
  requests: () => 1,
  progress: () => 1,
  details: (_scope, _id, { payloads }) => (payloads ? PAYLOADS : 2),
  detailsWithTimeline: () => PAYLOADS,
  compared: () => PAYLOADS,
  list: (_scope, _filter, { limit }) => rows(limit),
  search: () => FROM_ROWS,
  count: () => FROM_ROWS,
  countByHealth: () => 1,
  countEnded: () => 1,
  payloads: (_scope, ids) => 2 * ids.length,
  stats: (_scope, window) => counted(window),
  series: (_scope, request) => counted(request),
  topWorkflows: () => 2,
  topFailures: () => FROM_ROWS,
  failureGroups: () => FROM_ROWS,
  failureUsers: () => FROM_ROWS,
  recentRuns: (_scope, { workflowIds, last }) => Math.ceil((workflowIds.length * last) / RUNS_A_PLACE),
  workflowStats: () => 1,
  workflowCounters: () => 1,
} satisfies {
  [Name in keyof ExecutionReader]: (...args: Parameters<ExecutionReader[Name]>) => number;
};

/** What is read beside executions, in its caller's turn too. */
export function readInTurn<T>(
  { caller, limits, gone }: { caller: Pick<Caller, 'userId'>; limits?: UserLimits; gone?: AbortSignal },
  places: number,
  read: () => Promise<T>,
): Promise<T> {
  return limits?.inTurn ? limits.inTurn(caller.userId, { of: 'reads', places, signal: gone }, read) : read();
}

/**
 * The reader of a caller whose readings wait until their user has the places for them: whatever reads on somebody's behalf goes
 * through it, a call, an export, a stream or a tool. A reading never waits while it holds places.
 */
export function readingInTurn(
  { reader, userId }: Pick<Caller, 'reader' | 'userId'>,
  { limits, signal }: { limits: UserLimits | undefined; signal: AbortSignal | undefined },
): ExecutionReader {
  const inTurn = limits?.inTurn?.bind(limits);
  if (!inTurn) return reader;
  const waiting = Object.entries(PLACES).map(([name, placesOf]) => [
    name,
    (...args: unknown[]) => {
      const places = Math.max(1, (placesOf as (...given: unknown[]) => number)(...args));
      const read = Reflect.get(reader, name) as (...given: unknown[]) => Promise<unknown>;
      return inTurn(userId, { of: 'reads', places, signal }, () => read.apply(reader, args));
    },
  ]);
  return Object.assign(Object.create(reader) as ExecutionReader, Object.fromEntries(waiting));
}
