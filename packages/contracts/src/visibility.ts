import type { Json } from './json.ts';

/** One run as Temporal's visibility lists it: a hint, never the truth. */
export interface VisibleRun {
  temporalWorkflowId: string;
  runId: string;
  workflowType: string;
  taskQueue: string;
  /** ISO 8601 with microseconds. */
  startedAt: string;
  /** ISO 8601 with microseconds; `null` while it is open. */
  closedAt: string | null;
  /** Decoded; what cannot be decoded is left out. */
  searchAttributes: Record<string, Json>;
  /** Decoded; what cannot be decoded (encrypted, of another converter) is left out. */
  memo: Record<string, Json>;
}

/** Which runs: those that closed, or those that started, within a time. */
export interface RunWindow {
  by: 'close' | 'start';
  /** At or after; ISO 8601, microseconds count. `null`: from the beginning. */
  from: string | null;
  /** Before; `null`: up to the present. */
  to: string | null;
}

export interface VisiblePage {
  runs: VisibleRun[];
  /** For the next page; `null` on the last. */
  nextPageToken: string | null;
}

/**
 * Temporal's list of runs. Late and now and then wrong: absence from it means nothing.
 * Throws `ExecutionError` like the engine, `engine_throttled` where the namespace's budget for lists is spent.
 */
export interface Visibility {
  /** Newest close first for `close`; in no promised order for `start`. At most `pageSize` runs (1,000 at most). */
  listRuns(
    namespace: string,
    window: RunWindow,
    page: { pageSize: number; pageToken: string | null },
  ): Promise<VisiblePage>;
  /** The first run id of the chain that a run belongs to; `null` when Temporal does not know the run. */
  firstRunIdOf(run: { namespace: string; temporalWorkflowId: string; runId: string }): Promise<string | null>;
}
