import type { Authority, ExecutionStatus } from '../status.ts';

/** What happened to a report or an outcome that was to be recorded. */
export const RECORD_RESULTS = [
  'applied',
  'already_terminal',
  'conflict',
  'unchanged',
  'not_found',
  'other_execution',
] as const;
/**
 * - `applied`: this call changed the execution.
 * - `already_terminal`: it had ended before, or its chain has gone on from this run; nothing changed.
 * - `conflict`: they contradict each other: the run is not of this execution, or the engine has contradicted an earlier report
 *   about this run. Nothing changed; the engine will be asked.
 * - `unchanged`: the execution stood like this already.
 * - `not_found`: no such execution.
 * - `other_execution`: the chain is recorded as another execution already; this one still waits for a run of its own.
 */
export type RecordResult = (typeof RECORD_RESULTS)[number];

/** The answer to one recorded item, in the order they were given. */
export interface RecordAnswer {
  executionId: string | null;
  result: RecordResult;
  status: ExecutionStatus | null;
  authority: Authority | null;
  revision: number | null;
  /** A cancel that somebody asked for, so that a start that comes after the request is cancelled too; `null` without one. */
  cancelRequestedAt: string | null;
  cancelRequestedBy: string | null;
  cancelReason: string | null;
}
