import type { Health } from '../proof.ts';
import type { UnsettledExecution } from './unsettled-execution.ts';

export interface SaveCheck {
  executionId: string;
  health: Health;
  reason: string | null;
  /** The one thing that is safe to do about it; `null` where nothing needs doing. */
  remedy: string | null;
  /** In how many milliseconds it is due again. */
  nextCheckInMs: number;
}

/** Says which checks are due, and keeps what they found. */
export interface CheckLedger {
  /** Unsettled executions whose check is due, oldest check first. */
  dueChecks(namespace: string, limit: number): Promise<UnsettledExecution[]>;
  saveChecks(checks: SaveCheck[]): Promise<void>;
}

/** How long a workflow's executions took, from the latest 500 that completed. */
export interface UsualDuration {
  workflowId: string;
  /** How many there were. */
  sample: number;
  /** 0 %, 5 %, …, 95 %, 99 % and 100 % of them took at most so long, in milliseconds. */
  quantilesMs: number[];
}

/** Knows how long executions usually take. */
export interface DurationLedger {
  /** Usual durations of workflows; those of which nothing has completed yet are left out. */
  usualDurations(workflowIds: string[]): Promise<UsualDuration[]>;
}
