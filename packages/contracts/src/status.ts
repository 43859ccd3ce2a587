import type { ExecutionStatus } from './facts/status.ts';
import { isTerminal } from './facts/status.ts';

export * from './facts/status.ts';

/** Who says how an execution ended: read from Temporal, or said by a caller. */
export type Authority = 'engine' | 'reported';

/** What the ledger holds about an execution, as far as the legality of a change depends on it. */
export interface Standing {
  status: ExecutionStatus;
  /** `null` while the execution is open. */
  authority: Authority | null;
  /** The run that closed it; `null` while it is open, and for direct executions. */
  closingRunId: string | null;
}

/** A change somebody asks for: to a status, by an authority, about a run. */
export interface Change {
  status: ExecutionStatus;
  authority: Authority;
  runId: string | null;
}

/**
 * Whether a change of status is legal.
 *
 * An open execution moves forward, a reported end gives way to the engine, and an end read from the engine gives way
 * only to another run of the same chain (a reset). Nothing returns to `pending`.
 */
export function isLegalChange(from: Standing, to: Change): boolean {
  if (to.status === 'pending') return false;
  if (!isTerminal(from.status)) return to.status !== from.status;
  if (to.authority !== 'engine') return false;
  if (from.authority === 'reported') return true;
  return to.status === 'running' && to.runId !== null && to.runId !== from.closingRunId;
}
