import type { AdoptAnswer, AdoptRun } from '../adoption.ts';
import type { UnsettledExecution } from './unsettled-execution.ts';

export const DELETED_BY = ['owner', 'retention'] as const;
/** Who deleted an execution, where it was neither its workflow nor its user that went. */
export type DeletedBy = (typeof DELETED_BY)[number];

export interface ExecutionChange {
  executionId: string;
  userId: string;
  workflowId: string;
  revision: number;
  deleted: boolean;
  deletedBy?: DeletedBy;
}

/** Lists what is unsettled. */
export interface UnsettledLedger {
  /** Unsettled executions, youngest first: what there is to watch. `after` is the last one of the page before. */
  unsettled(namespace: string, limit: number, after?: UnsettledExecution): Promise<UnsettledExecution[]>;
}

/** Tells what changed. */
export interface ChangeLedger {
  /**
   * Changes after a cursor (`null`: from now on), one of each execution, and the cursor to go on with: a number, which only
   * grows. A cursor greater than the one that is answered is of another database. Changes are kept for an hour.
   */
  changesSince(cursor: string | null, limit: number): Promise<{ changes: ExecutionChange[]; cursor: string }>;
}

/** Knows what is unsettled, and what changes. */
export interface TrackLedger extends UnsettledLedger, ChangeLedger {
  /** Unsettled executions of the given ids. */
  unsettledByIds(namespace: string, executionIds: string[]): Promise<UnsettledExecution[]>;
}

/** A run of a chain as a feed names it. */
export interface RunKey {
  temporalWorkflowId: string;
  runId: string;
}

/** What the ledger knows of one run. */
export interface FoundRun {
  /** The run's end, or a later run of its chain, is recorded: there is nothing to do. */
  isRecorded: boolean;
  /** The run is one that the ledger knows of. */
  isKnown: boolean;
  /** The execution it belongs to; for an unknown run the newest one with its workflow id, whose it may be. */
  execution: UnsettledExecution | null;
}

/** Knows which runs belong to which execution. */
export interface RunLedger {
  /** What the ledger knows of these runs, in their order. At most 1,000. */
  findRuns(namespace: string, runs: RunKey[]): Promise<FoundRun[]>;
}

/** Keeps where each feed has got to. */
export interface WatermarkLedger {
  /** Where a feed has got to, by server time; `null` before its first turn. */
  watermark(namespace: string, name: string): Promise<string | null>;
  /** Only ever moves forward. */
  saveWatermark(namespace: string, name: string, value: string): Promise<void>;
}

/** What a feed asks: whose the runs are that it saw, and where it had got to. */
export interface FeedLedger extends RunLedger, WatermarkLedger {}

/** Takes runs that were started elsewhere. */
export interface AdoptionLedger {
  /** Makes executions of runs that were started elsewhere. Answers in their order. At most 1,000. */
  adopt(runs: AdoptRun[]): Promise<AdoptAnswer[]>;
}
