import type { UnsettledExecution } from '@runledger/contracts';
import type { Settled } from '../settle/settle.ts';
import type { Tracked } from '../unsettled/tracked.ts';

/**
 * Anything that suggests that a run closed or started. It may be late, lost or wrong, and is never the truth by itself: what it
 * notices it hands to `settle`, which asks the engine and records. Another hint is a file beside these and a line in `hints.ts`.
 */
export interface Hint {
  /**
   * Follows until the signal is aborted, then cancels what it has under way and resolves. An outage of Temporal or of the
   * database does not end it.
   */
  run(signal: AbortSignal): Promise<void>;
  /** An execution that was not tracked before. */
  appeared?(row: UnsettledExecution): void;
  /** What is unsettled now, after everything that changed it. */
  changed?(tracked: ReadonlyMap<string, Tracked>): void;
  /** What came of an execution that somebody looked at, whichever hint announced it. */
  settled?(executionId: string, result: Settled): void;
}
