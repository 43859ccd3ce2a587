/** Where an execution is. Stated a second time as CHECK constraints and the guard trigger in `supabase/migrations`. */
export const EXECUTION_STATUSES = [
  'pending',
  'running',
  'completed',
  'failed',
  'cancelled',
  'timed_out',
  'terminated',
] as const;

export const OPEN_STATUSES = ['pending', 'running'] as const;
export const UNSUCCESSFUL_STATUSES = ['failed', 'cancelled', 'timed_out', 'terminated'] as const;
export const TERMINAL_STATUSES = ['completed', ...UNSUCCESSFUL_STATUSES] as const;

export type ExecutionStatus = (typeof EXECUTION_STATUSES)[number];
export type OpenStatus = (typeof OPEN_STATUSES)[number];
export type TerminalStatus = (typeof TERMINAL_STATUSES)[number];

/** Who says how an execution ended: read from Temporal, or said by a caller. */
export type Authority = 'engine' | 'reported';

export function isTerminal(status: ExecutionStatus): status is TerminalStatus {
  return (TERMINAL_STATUSES as readonly string[]).includes(status);
}

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
