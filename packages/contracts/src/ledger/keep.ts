import type { ExecutionStory } from '../story.ts';
import type { ReadTimeline } from '../timeline.ts';

/** An execution whose history is to be condensed. */
export interface PendingTimeline {
  executionId: string;
  namespace: string;
  temporalWorkflowId: string;
  /** Known runs of the chain, oldest first; the last one closed it. */
  runIds: string[];
  /** The row's closing run: a reset in between makes a timeline of it stale. */
  closingRunId: string;
}

/** A timeline that was read, or in how many milliseconds it is to be tried again. */
export type SaveTimeline = { pending: PendingTimeline } & ({ timeline: ReadTimeline } | { retryInMs: number });

/** Keeps the steps of ended executions. */
export interface TimelineLedger {
  /** Ended executions whose timeline is still to be made, oldest end first. */
  pendingTimelines(namespace: string, limit: number): Promise<PendingTimeline[]>;
  /**
   * Keeps timelines and the counts of activities, and puts off what could not be read. What was reset or deleted
   * meanwhile is passed over. Returns how many were kept.
   */
  saveTimelines(items: SaveTimeline[]): Promise<number>;
}

/** Removes what nobody needs any more. */
export interface TrimLedger {
  /** Removes changes older than an hour and idempotency keys that have expired, in parts; returns how many. */
  trimChanges(): Promise<number>;
}

/** Tells all that is kept of one execution. */
export interface StoryLedger {
  /** Everything the ledger holds of one execution; `null` when there is none. By row id or Temporal workflow id. */
  story(id: string): Promise<ExecutionStory | null>;
}
