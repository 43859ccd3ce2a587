import type { WindowBy } from './facts/statistics.ts';
import type { FailureGroups, FailureUsers } from './failure-groups.ts';
import type { ExecutionFilter } from './filter.ts';
import type { RecentRuns } from './recent-runs.ts';
import type { Scope } from './scope.ts';
import type {
  ComparedStats,
  ExecutionSeries,
  SeriesStep,
  TopFailure,
  TopWorkflow,
  WorkflowCounters,
} from './statistics.ts';

export interface StatsWindow {
  workflowId?: string;
  /** Started at or after; ISO 8601. */
  from?: string;
  /** Started before; ISO 8601. */
  to?: string;
}

/** Which executions are counted beside their window. By end or with a filter they are looked at themselves: at most 20,000. */
export interface StatsFilter {
  /** What `from` and `to` are about. Default `start`. */
  by?: WindowBy;
  /** Only what it finds; its own times narrow the window. */
  filter?: ExecutionFilter;
}

export interface SeriesRequest extends StatsFilter {
  workflowId?: string;
  from: string;
  to: string;
  /** Default `day`. */
  step?: SeriesStep;
  /** IANA name; days are of this zone. Default `UTC`. */
  timeZone?: string;
}

/** Statistics for the router, always within a scope. */
export interface StatisticsReader {
  /** @throws `invalid_input` where the window ends before it starts, and by end or with a filter for more than 20,000 executions */
  stats(scope: Scope, window: StatsWindow & StatsFilter & { withPrevious?: boolean }): Promise<ComparedStats>;
  /**
   * @throws `invalid_input` for more than 1,000 points, an unknown zone, hours older than 35 days, and by five minutes for more
   *   than a day; by five minutes, by end or with a filter for more than 20,000 executions
   */
  series(scope: Scope, request: SeriesRequest): Promise<ExecutionSeries>;
  /** Most executions first. `limit` 1 to 200. */
  topWorkflows(scope: Scope, window: StatsWindow & { withPrevious?: boolean }, limit: number): Promise<TopWorkflow[]>;
  /** Most executions first, of equal ones the one seen last. `limit` 1 to 100. */
  topFailures(scope: Scope, window: StatsWindow, limit: number): Promise<TopFailure[]>;
  /** Kinds of failures with most executions first, of equal ones the one seen last; or one of them. `limit` 1 to 200. */
  failureGroups(scope: Scope, request: StatsWindow & { failureGroup?: string }, limit: number): Promise<FailureGroups>;
  /** Whom a kind of failure hit in a workflow that the caller owns. `limit` 1 to 200. */
  failureUsers(scope: Scope, request: StatsWindow & { failureGroup: string; limit: number }): Promise<FailureUsers>;
  /** The latest executions of up to 100 workflows, of the user, or of everybody in that scope. */
  recentRuns(scope: Scope, request: { workflowIds: string[]; last: number }): Promise<RecentRuns>;
  /** Of a workflow that the user may use: everybody's for its owner, from counters. `null`: there is none. */
  workflowStats(
    userId: string,
    window: StatsWindow & { workflowId: string; withPrevious?: boolean },
  ): Promise<(ComparedStats & { of: 'caller' | 'everyone' }) | null>;
  /** Since the beginning, by workflow: of the scope, or (`owned`) everybody's executions of the workflows that its user owns. */
  workflowCounters(scope: Scope, options: { owned: boolean }): Promise<WorkflowCounters[]>;
}
