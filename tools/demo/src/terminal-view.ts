import { stdout } from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { executionErrorCode } from '@runledger/client';
import { formatDuration } from '@runledger/contracts/format-duration';
import { isTerminal } from '@runledger/contracts/status';
import type { EndedExecution } from './end-line.ts';
import { endLine } from './end-line.ts';
import type { StartedExecution } from './traffic.ts';

/** Looked at in one go; those of one user share a request. */
const PER_LOOK = 20;
const LOOK_EVERY_MS = 500;
/** Lags kept for the median. */
const LAGS = 1_000;
/** Of fewer a median says nothing. */
const SMALLEST_SAMPLE = 20;

interface Output {
  print(line: string): void;
  onError(error: unknown): void;
  /** Where lines are cut; undefined where nothing has a width. */
  columns?: () => number | undefined;
}

/** Follows what the traffic started, through the API, and prints each end. */
export function createTerminalView({ print, onError, columns = () => stdout.columns }: Output) {
  const open = new Set<StartedExecution>();
  const lags: number[] = [];
  let ended = 0;
  let isCommandTold = false;

  function saw(started: StartedExecution, execution: EndedExecution): void {
    open.delete(started);
    ended++;
    lags.push(Math.max(0, Date.parse(execution.recordedAt) - Date.parse(execution.completedAt)));
    if (lags.length > LAGS) lags.shift();
    // Once is enough to know it.
    const withCommand = !isCommandTold && execution.status === 'failed';
    isCommandTold ||= withCommand;
    const of = { workflow: started.workflowName, user: started.user.name };
    print(endLine(of, execution, { columns: columns(), withCommand }));
  }

  async function lookAt(started: StartedExecution, signal: AbortSignal): Promise<void> {
    try {
      const execution = await started.user.client.execution.getExecution.query({ id: started.id }, { signal });
      const { completedAt, recordedAt } = execution;
      if (isTerminal(execution.status) && completedAt && recordedAt)
        saw(started, { ...execution, completedAt, recordedAt });
    } catch (error) {
      if (signal.aborted) return;
      // Somebody has deleted it: there is no end to wait for.
      if (executionErrorCode(error) === 'not_found') open.delete(started);
      else onError(error);
    }
  }

  return {
    add(started: StartedExecution): void {
      open.add(started);
    },

    /** A sentence about what was seen; undefined when nothing was. */
    summary(): string | undefined {
      if (ended === 0) return undefined;
      const sorted = lags.toSorted((a, b) => a - b);
      const median = formatDuration(sorted[Math.floor(sorted.length / 2)] as number);
      const worst = formatDuration(sorted.at(-1) as number);
      const lag = sorted.length < SMALLEST_SAMPLE ? `at most ${worst}` : `${median} (median), ${worst} (worst)`;
      return `${ended} ended, ${open.size} still open. Recorded after ${lag}.`;
    },

    async run(signal: AbortSignal): Promise<void> {
      while (!signal.aborted) {
        const looked = [...open].slice(0, PER_LOOK);
        await Promise.all(looked.map((started) => lookAt(started, signal)));
        // Those that are still open go to the end of the queue.
        for (const started of looked) if (open.delete(started)) open.add(started);
        await pause(LOOK_EVERY_MS, undefined, { signal }).catch(() => {});
      }
    },
  };
}
