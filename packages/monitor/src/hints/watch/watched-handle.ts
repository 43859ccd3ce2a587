import { isExecutionError, pause } from '@runledger/contracts';
import type { WatchRun } from '@runledger/engine';
import type { Logger } from 'pino';
import { createBackoff } from '../../pacing/backoff.ts';
import { isAway, isThrottled } from '../../pacing/loop.ts';
import type { Settle } from '../../settle/settle.ts';
import type { Tracked } from '../../unsettled/tracked.ts';
import { current } from '../../unsettled/tracked.ts';

export interface WatchedHandleDeps {
  watch: WatchRun;
  settle: Settle;
  logger: Logger;
  /** First pause before an execution that Temporal does not know is looked at again. Default 500 ms; doubles up to 15 s. */
  absenceMs?: number;
}

/** Looks at an execution that Temporal does not know, over about a minute, before it is left to the reconciler. */
const ABSENCES = 8;

/**
 * Follows one execution until it is settled or the signal is aborted: waits for its run to close, then resolves it. The
 * wait is a hint only, so any fault of it, or of what follows, is answered by waiting a moment and going on.
 *
 * Answers `gone` for an execution that Temporal does not know, so that it takes no place from others, and `refused` when
 * Temporal admits no more polls.
 */
export async function followHandle(
  tracked: () => Tracked,
  deps: WatchedHandleDeps,
  signal: AbortSignal,
): Promise<'over' | 'gone' | 'refused'> {
  const { executionId, ...row } = tracked().row;
  const faults = createBackoff();
  const absence = createBackoff({ firstMs: deps.absenceMs ?? 500, maxMs: 15_000 });
  // What the ledger does not take, or the engine refuses to say, a person has to look at: no hurry.
  const disagreement = createBackoff({ firstMs: 1_000, maxMs: 300_000 });
  let runId = row.currentRunId ?? row.firstRunId;
  // A report is looked into at once; so is an execution of which nobody has seen a run.
  let lookFirst = row.reportedAt !== null || runId === null;
  let absences = 0;
  let isRefused = false;

  async function poll(): Promise<'open' | 'closed'> {
    try {
      return await deps.watch({ ...row, runId }, { signal });
    } catch (error) {
      if (isThrottled(error)) isRefused = true;
      throw error;
    }
  }

  /** Waits for the run to close and looks, or only looks. Answers when there is nothing more to follow. */
  async function step(): Promise<'over' | 'gone' | null> {
    const waited = !lookFirst;
    if (waited && (await poll()) === 'open') {
      faults.reset();
      return null;
    }
    const result = await deps.settle(current(tracked()), 'watch');
    lookFirst = result.kind === 'waiting' || result.kind === 'unknown';
    absences = result.kind === 'unknown' ? absences + 1 : 0;
    if (result.kind === 'ended') return 'over';
    if (result.kind === 'unknown') {
      if (absences >= ABSENCES) return 'gone';
      await pause(absence.next(), signal);
      return null;
    }
    // It woke up for a run that the engine still calls open: nothing to hurry for.
    if (waited && runId === result.open.runId) await pause(faults.next(), signal);
    else if (runId !== result.open.runId) faults.reset();
    runId = result.open.runId;
    if (result.kind === 'waiting') await waitForEnd(deps.watch, { ...row, runId }, result.forMs, signal);
    return null;
  }

  async function recover(error: unknown): Promise<void> {
    if (isAway(error)) {
      deps.logger.debug({ executionId, err: error }, 'a watch failed; it goes on');
      await pause(faults.next(), signal);
    } else if (isExecutionError(error) && error.code === 'not_found') {
      // For the resolver to explain.
      lookFirst = true;
      await pause(faults.next(), signal);
    } else {
      deps.logger.error({ executionId, err: error }, 'an end could not be recorded; it is tried again');
      await pause(disagreement.next(), signal);
    }
  }

  while (!signal.aborted) {
    try {
      const end = await step();
      if (end) return end;
    } catch (error) {
      if (isRefused) return 'refused';
      if (!signal.aborted) await recover(error);
    }
  }
  return 'over';
}

/** Waits until the run closes, but no longer than the report's grace. */
async function waitForEnd(
  watch: WatchRun,
  run: { namespace: string; temporalWorkflowId: string; runId: string },
  forMs: number,
  signal: AbortSignal,
): Promise<void> {
  if (signal.aborted) return;
  const grace = new AbortController();
  const end = () => grace.abort();
  const timer = setTimeout(end, forMs);
  signal.addEventListener('abort', end, { once: true });
  try {
    while ((await watch(run, { signal: grace.signal })) === 'open');
  } catch (error) {
    if (!grace.signal.aborted) throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
  }
}
