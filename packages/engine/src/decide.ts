import type { TerminalStatus } from '@runledger/contracts';
import type { DescribedRun } from './described-run.ts';
import { closedStatus } from './described-run.ts';
import type { RunEnd } from './run-end.ts';

/** Whether a run was ended only to be reset, by Temporal's own name for who does that. */
export function isResetter(end: RunEnd): boolean {
  return end.status === 'terminated' && end.identity === 'history-resetter';
}

/** What a run that describe and history speak of means for its execution. */
export type Decision =
  | { kind: 'open' }
  /** The chain goes on in another run. */
  | { kind: 'follow'; runId: string }
  /** The chain went on between two reads, and nothing says where: read the current run again. */
  | { kind: 'again' }
  | { kind: 'closed'; status: TerminalStatus };

/**
 * Decides from describe alone whether a closed run's last event must be read.
 * An open run needs no more; neither does one that was reset.
 */
export function decideFromDescribe(run: DescribedRun): Decision | null {
  if (run.resetRunId && run.resetRunId !== run.runId) return { kind: 'follow', runId: run.resetRunId };
  return closedStatus(run.status) === null ? { kind: 'open' } : null;
}

/**
 * Decides what a closed run means. A successor always means: not the end, whatever the status of the run (a run that
 * failed and is retried says FAILED). The last event outweighs describe; without one, describe's status stands.
 */
export function decide(run: DescribedRun, end: RunEnd | null): Decision {
  const early = decideFromDescribe(run);
  if (early) return early;
  if (end?.newRunId) return { kind: 'follow', runId: end.newRunId };
  if (end && isResetter(end)) return { kind: 'again' };
  const status = end?.status ?? closedStatus(run.status);
  if (status === null || status === 'continued_as_new') return { kind: 'again' };
  return { kind: 'closed', status };
}
