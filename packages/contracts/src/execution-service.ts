import type { Comparable } from './compare-executions.ts';
import type { ExecutionCount } from './count.ts';
import type { Execution, ExecutionStatus, ExecutionWithWorkflow, GivenColumns, WorkflowName } from './execution.ts';
import type { ExecutionDetails } from './execution-details.ts';
import type { ExecutionRequests } from './execution-request.ts';
import type { ExecutionFilter, ExecutionOrder } from './filter.ts';
import type { FilterWindow } from './filter-window.ts';
import type { Json } from './json.ts';
import type { RecordResult } from './ledger/record-answer.ts';
import type { ExecutionRow, FoundRow } from './listed-execution.ts';
import type { Progress, ProgressReport, ProgressResult } from './progress.ts';
import type { ExecutionHealth } from './proof.ts';
import type { HealthCounts } from './recent-runs.ts';
import type { Scope } from './scope.ts';
import type { ExecutionStats } from './statistics.ts';
import type { StatisticsReader, StatsFilter } from './statistics-reader.ts';
import type { Timeline } from './timeline.ts';

export interface CreateExecutionInput extends GivenColumns {
  /** Of a row in `workflows`, or the key of the host's own row that one follows. */
  workflowId: string;
  /** The user it belongs to; must be in `runledger.users`. */
  userId: string;
  /** With it the engine is Temporal, and the monitor follows the execution; without it, the app reports the end itself. */
  temporalWorkflowId?: string;
  /** First run id. With it the execution is `running`, without it `pending` until the monitor finds it. */
  temporalRunId?: string;
  /** Default `default`. */
  temporalNamespace?: string;
  input?: unknown;
  /** Default: now. ISO 8601. */
  startedAt?: string;
}

export interface UpdateExecutionInput {
  status?: ExecutionStatus;
  output?: unknown;
  /** A message, an Error, or anything JSON. */
  error?: unknown;
  /** ISO 8601 or a Date. Default with a terminal status: now. */
  completedAt?: string | Date;
  durationMs?: number;
  activitiesExecuted?: number;
  stateSnapshot?: unknown;
  verdict?: string | null;
  tags?: string[];
  metadata?: Record<string, Json>;
}

/** How a page continues a list. */
export interface ListOrder {
  /** Default `started_at`. By `completed_at` and `duration` a list holds ended executions only. */
  orderBy?: ExecutionOrder;
  /** Default `desc`. */
  orderDirection?: 'asc' | 'desc';
}

export interface ListExecutionsOptions extends Omit<ExecutionFilter, 'status'>, ListOrder {
  /** 1 to 200, default 50. */
  limit?: number;
  /** Default 0. Costs as much as reading what it skips; prefer `cursor`. Only for lists that one index serves. */
  offset?: number;
  status?: ExecutionStatus | ExecutionStatus[];
  /** `nextCursor` of the page before, with the same filter and order. Any depth costs the same. */
  cursor?: string | null;
}

/** One page, newest first by default: an array that also carries the cursor of the next page. */
export type ExecutionPage = ExecutionRow[] & {
  /** `null` at the end. A page may be short, or empty, and still have one: see `searchedUntil`. */
  nextCursor: string | null;
  /**
   * Set when the page stopped at its share of reading before it was full: everything up to this sort value (a
   * timestamp, or milliseconds by `duration`), in the list's order, has been searched. `nextCursor` goes on from there.
   */
  searchedUntil: string | null;
  /** What the instants of the filter were when this page was read: relative ones move on from page to page. */
  window: FilterWindow;
  /** By which clock reading they were: this process's. ISO 8601. */
  asOf: string;
};

export interface ReportOptions {
  /** Names the report: all attempts carry it, and a repeat gets the first one's answer. Default: a fresh uuid. */
  reportId?: string;
  /** The run that ended, where the caller knows it. Default: the execution's current run. */
  runId?: string;
  /** Who says so; shown in the transition. */
  actor?: string;
  /**
   * What the business makes of it (`rejected`), beside the status: 1 to 100 characters. Kept whether or not the report
   * itself is `applied`, so that it may come after the engine's word.
   */
  verdict?: string;
}

/** The answer to a report. */
export interface MarkResult {
  result: Exclude<RecordResult, 'not_found' | 'unchanged'>;
  executionId: string;
  /** Where the execution stands now. */
  status: ExecutionStatus;
  revision: number;
  reportId: string;
  /** How many executions of this workflow of the user's completed or failed, this one included. */
  executionCount: number;
}

/**
 * The ledger for applications. A string id is a row id first, then the newest execution with that Temporal workflow id.
 *
 * Every method throws `ExecutionError`: `invalid_input` for a wrong argument, `permission_denied` where a user's client
 * calls what needs the service role, `ledger_unavailable` after three retries, `schema_outdated` without migrations.
 */
export interface ExecutionService {
  /**
   * Records what the caller started. For a run that is known already it returns that row, filling only what it lacked.
   * @throws `not_found` (workflow), `unknown_user`, `conflict` (the run belongs to another user), `payload_too_large`
   */
  createExecution(input: CreateExecutionInput): Promise<ExecutionWithWorkflow>;
  /** By Temporal workflow id. @throws `not_found`, `illegal_transition` */
  updateExecution(temporalWorkflowId: string, update: UpdateExecutionInput): Promise<Execution>;
  /** By row id. @throws `not_found`, `illegal_transition` */
  updateExecutionById(id: string, update: UpdateExecutionInput): Promise<Execution>;
  /** The newest execution with that Temporal workflow id, or `null`. */
  getExecution(temporalWorkflowId: string): Promise<ExecutionWithWorkflow | null>;
  getExecutionById(id: string): Promise<ExecutionWithWorkflow | null>;
  /**
   * A workflow's executions, of all users that the client may see. @throws `invalid_cursor`, and `permission_denied`
   * where a user's own client asks by what only the service role may search: tags, text, duration, health, kind of
   * failure, ids.
   */
  listExecutions(workflowId: string, options?: Omit<ListExecutionsOptions, 'workflowId'>): Promise<ExecutionPage>;
  /** A user's executions. @throws as `listExecutions` */
  listExecutionsByUser(userId: string, options?: Omit<ListExecutionsOptions, 'userId'>): Promise<ExecutionPage>;
  /** How many there are of a user, of a workflow, or of both; one of `userId` and `workflowId` is needed. */
  countExecutions(filter: ExecutionFilter): Promise<ExecutionCount>;
  /**
   * Of all users unless one is given; since the beginning unless started (`by: 'end'`: ended) in a window. ISO 8601.
   * @throws `invalid_input` by end or with a filter for more than 20,000 executions
   */
  getStats(
    workflowId: string,
    options?: StatsFilter & { userId?: string; from?: string; to?: string },
  ): Promise<ExecutionStats>;
  /** @throws `not_found` */
  markCompleted(id: string, output?: unknown, durationMs?: number, options?: ReportOptions): Promise<MarkResult>;
  /** @throws `not_found` */
  markFailed(id: string, error: unknown, durationMs?: number, options?: ReportOptions): Promise<MarkResult>;
  /** @throws `not_found` */
  markCancelled(id: string, reason?: string, durationMs?: number, options?: ReportOptions): Promise<MarkResult>;
  /** @throws `not_found` */
  markTimedOut(id: string, reason?: string, durationMs?: number, options?: ReportOptions): Promise<MarkResult>;
  /** @throws `not_found` */
  markTerminated(id: string, reason?: string, durationMs?: number, options?: ReportOptions): Promise<MarkResult>;
  /**
   * Says how far an execution has got. At most one report a second is written of each, merged with those that came
   * meanwhile; the promise settles once it is. @throws `not_found`, `invalid_input`
   */
  reportProgress(id: string, report: ProgressReport, options?: { runId?: string }): Promise<ProgressResult>;
  /** Deletes one execution and all it owns. `false` when there was none. */
  deleteExecution(id: string): Promise<boolean>;
  /** Deletes a workflow's executions, of one user if given; in batches. Returns how many. */
  deleteWorkflowExecutions(workflowId: string, options?: { userId?: string }): Promise<number>;
  /** Runs of a user, of one workflow if given, that completed or failed. */
  getRunCount(userId: string, workflowId?: string): Promise<number>;
}

/** A workflow with what the API hides of its executions. */
export type RedactingWorkflow = Pick<WorkflowName, 'id' | 'name' | 'redact'>;

/** Payloads on their own, with the workflow that says what is hidden of them. */
export type ReadPayloads = Pick<Execution, 'input' | 'output'> & { workflow: RedactingWorkflow };

/** Reads for the router, always within a scope. */
export interface ExecutionReader extends StatisticsReader {
  /** How an unsettled execution stood when it was last looked at; `null` for a settled or direct one. */
  health(scope: Scope, id: string): Promise<ExecutionHealth | null>;
  /** The frozen timeline; `null` where there is none: the execution is open, or no such execution. */
  timeline(scope: Scope, id: string): Promise<Timeline | null>;
  /** One execution with its workflow, in one request. @param options `payloads: false`: without what may have megabytes */
  get(scope: Scope, id: string, options?: { payloads: boolean }): Promise<ExecutionWithWorkflow | null>;
  /** What was asked of one of the caller's own executions, in one request; `null` where there is none. */
  requests(scope: Scope, id: string): Promise<ExecutionRequests | null>;
  /**
   * How far one of the caller's own executions has got, reported or estimated, in one request. `progress` is `null` where
   * nothing is known of that; the whole where there is no such execution.
   */
  progress(scope: Scope, id: string): Promise<{ progress: Progress | null; workflow: RedactingWorkflow } | null>;
  /** Everything that its page shows, in one request; `null` where there is no such execution in the scope. */
  details(scope: Scope, id: string, options: { payloads: boolean }): Promise<ExecutionDetails | null>;
  /** The same with its failure, without other payloads, and with the frozen timeline, which is `null` while it is open. */
  detailsWithTimeline(
    scope: Scope,
    id: string,
  ): Promise<{ details: ExecutionDetails; timeline: Timeline | null } | null>;
  /** @throws `invalid_cursor` */
  list(
    scope: Scope,
    filter: ExecutionFilter,
    page: ListOrder & { limit: number; cursor: string | null },
  ): Promise<ExecutionPage>;
  /**
   * An execution beside another one, or beside the latest before it that completed (`null`). The first is `null` where there is
   * no such execution.
   */
  compared(
    scope: Scope,
    id: string,
    otherId: string | null,
  ): Promise<{ one: Comparable | null; other: Comparable | null }>;
  /** What a text may name among the user's executions: at most 20, those that it names exactly first. */
  search(scope: Scope, text: string): Promise<FoundRow[]>;
  /** Unsettled executions by health. */
  countByHealth(scope: Scope, workflowId?: string): Promise<HealthCounts>;
  count(scope: Scope, filter: ExecutionFilter): Promise<ExecutionCount>;
  /** Inputs and outputs by execution; of executions that are not in the scope there are none. For a few at a time. */
  payloads(scope: Scope, ids: readonly string[]): Promise<Map<string, ReadPayloads>>;
  /** How many executions completed or failed. */
  countEnded(scope: Scope, workflowId?: string): Promise<number>;
}
