import type { ChainRun, Failure } from '@runledger/contracts';
import { ERROR_MESSAGE_LIMIT, storableText } from '@runledger/contracts';
import type { DescribedRun } from './described-run.ts';
import { toFailure } from './failure.ts';
import { failureSentence, terminatedSentence } from './failure-sentence.ts';
import type { RunEnd } from './run-end.ts';
import type { RunHistory, RunRef } from './run-history.ts';
import type { RunStart } from './run-start.ts';

/** Runs read back from the newest one; older ones are in the ledger already, unless nobody looked for that long. */
const LOOK_BACK = 20;

export interface Chain {
  /** Oldest first; the last is the run it was read for. */
  runs: ChainRun[];
  /** How the newest run began; `null` where its history is gone. */
  start: RunStart | null;
  /** Start and first task of the first run, or of the oldest one that is still readable. */
  engineStartedAt: string | null;
  firstTaskAt: string | null;
}

/** What is known of a run that another one followed; it does not change any more. */
type Passed = Omit<ChainRun, 'runNumber'> & { previousRunId: string | null };

/**
 * Reads the chain behind a run: 1 call for a single run (0 when it was seen before), 2 for each run before it that was
 * not seen yet.
 *
 * Run numbers are exact where the chain was read back to its first run, and else the least they can be.
 */
export function createChainReader(history: RunHistory) {
  const passed = new Map<string, Passed>();

  async function readPassed(ref: RunRef & { runId: string }): Promise<Passed | null> {
    const key = `${ref.namespace}/${ref.workflowId}/${ref.runId}`;
    const known = passed.get(key);
    if (known) return known;
    const start = await history.start(ref);
    if (!start) return null;
    const end = await history.end(ref);
    // Its history was copied from the run that was reset, the time of its start included: only describe tells.
    const described = start.cause === 'reset' ? await history.describe(ref) : null;
    const run: Passed = {
      runId: ref.runId,
      cause: start.cause,
      previousRunId: start.previousRunId,
      startedAt: described?.startedAt ?? start.startedAt ?? '',
      ...endOf(end),
    };
    if (passed.size >= 5_000) passed.clear();
    if (end) passed.set(key, run);
    return run;
  }

  return {
    async read(
      ref: RunRef,
      newest: DescribedRun,
      end: Pick<ChainRun, 'status' | 'closedAt' | 'errorMessage'>,
    ): Promise<Chain> {
      const at = (runId: string) => ({ ...ref, runId });
      const start = await history.start(at(newest.runId));
      const before: Passed[] = [];
      let previous = start?.previousRunId ?? null;
      while (previous && before.length < LOOK_BACK) {
        const run = await readPassed(at(previous));
        if (!run) break;
        before.unshift(run);
        previous = run.previousRunId;
      }
      const firstRunId = newest.firstRunId ?? start?.firstRunId ?? newest.runId;
      const first = firstRunId === newest.runId ? start : ((await history.start(at(firstRunId))) ?? start);
      const startedAt = newest.startedAt ?? start?.startedAt ?? '';
      // A first run that was not reached adds at least itself.
      const skipped = previous || (before[0]?.runId ?? newest.runId) !== firstRunId ? 1 : 0;
      return {
        runs: [
          ...before.map(({ previousRunId: _, ...run }, index) => ({ ...run, runNumber: index + 1 + skipped })),
          {
            runId: newest.runId,
            runNumber: before.length + 1 + skipped,
            cause: start?.cause ?? 'start',
            startedAt,
            ...end,
          },
        ],
        start,
        engineStartedAt: firstRunId === newest.runId ? startedAt : (first?.startedAt ?? null),
        firstTaskAt: first?.firstTaskAt ?? null,
      };
    },
  };
}

function endOf(end: RunEnd | null): Pick<ChainRun, 'status' | 'closedAt' | 'errorMessage'> {
  if (!end) return { status: 'running', closedAt: null, errorMessage: null };
  return { status: end.status, closedAt: end.closedAt, errorMessage: messageOf(end) };
}

function messageOf(end: RunEnd): string | null {
  if (end.status === 'terminated') return terminatedSentence(end.identity, end.reason);
  if (!end.failure) return null;
  const failure: Failure = toFailure(end.failure);
  return storableText(failureSentence(failure), ERROR_MESSAGE_LIMIT);
}
