import type { ChainRun, EngineTarget, Failure } from '@runledger/contracts';
import { ERROR_MESSAGE_LIMIT, storableText } from '@runledger/contracts';
import { isResetter } from './decide.ts';
import type { DescribedRun } from './described-run.ts';
import { closedStatus } from './described-run.ts';
import { toFailure } from './failure.ts';
import { failureSentence, terminatedSentence } from './failure-sentence.ts';
import type { RunEnd } from './run-end.ts';
import type { RunHistory, RunRef } from './run-history.ts';
import type { RunStart } from './run-start.ts';

/** Most runs of a chain that are read in one look; the ledger keeps those of earlier looks. */
const MOST_RUNS = 1_000;
/** Passed runs that are remembered: they do not change any more. */
const REMEMBERED = 5_000;

export interface Chain {
  /** Oldest first, from the newest run that the ledger knew; the last is the run it was read for. */
  runs: ChainRun[];
  /** What Temporal calls the first run. */
  firstRunId: string;
  /** How the newest run began; `null` where its history is gone. */
  start: RunStart | null;
  /** Start and first task of the first run, or of the oldest one that is still readable. */
  engineStartedAt: string | null;
  firstTaskAt: string | null;
}

/** What is known of a run that another one followed. */
type Passed = Omit<ChainRun, 'runNumber'> & { firstRunId: string };

type Ended = Pick<ChainRun, 'status' | 'closedAt' | 'errorMessage' | 'wasEnd'>;

/**
 * Reads the chain behind a run, back to the run that the ledger knew last, else to the first: 1 call for a single run (0
 * when it was seen before), 2 for each run before it. A reset copies the start of the run it began with, so the links lead
 * past the resets in between: a chain with a reset in it is also looked up in visibility.
 *
 * Run numbers are exact where the chain was read back to its first run, and else the least they can be.
 */
export function createChainReader(history: RunHistory) {
  const remembered = new Map<string, Passed>();

  /** `null` for a run that is open, or that Temporal no longer has. */
  async function readPassed(ref: RunRef, start: RunStart): Promise<Passed | null> {
    const at = { ...ref, runId: start.runId };
    const end = await history.end(at);
    // Its history was copied from the run that was reset, the time of its start included: only describe tells.
    const described = start.cause === 'reset' || !end ? await history.describe(at) : null;
    if (!end && described && closedStatus(described.status) === null) return null;
    const run: Passed = {
      runId: start.runId,
      firstRunId: start.firstRunId,
      cause: start.cause,
      previousRunId: start.previousRunId,
      startedAt: described?.startedAt ?? start.startedAt ?? '',
      ...endOf(end, described),
    };
    if (end) remember(ref, run);
    return run;
  }

  const keyOf = ({ namespace, temporalWorkflowId }: RunRef, runId: string) =>
    `${namespace}/${temporalWorkflowId}/${runId}`;

  function remember(ref: RunRef, run: Passed): void {
    if (remembered.size >= REMEMBERED) remembered.clear();
    remembered.set(keyOf(ref, run.runId), run);
  }

  /** The runs that the links lead back to, newest first; ends with `lastKnown` or where Temporal knows no more. */
  async function walkBack(ref: RunRef, from: string | null, lastKnown: string | null): Promise<Passed[]> {
    const reading: Promise<Passed | null>[] = [];
    let runId = from;
    while (runId && reading.length < MOST_RUNS) {
      const known = remembered.get(keyOf(ref, runId));
      const start: RunStart | Passed | null = known ?? (await history.start({ ...ref, runId }));
      if (!start) break;
      const run = known ? Promise.resolve(known) : readPassed(ref, start as RunStart);
      // A failure is thrown by Promise.all below; the walk itself needs only the starts.
      run.catch(() => undefined);
      reading.push(run);
      runId = runId === lastKnown ? null : start.previousRunId;
    }
    return (await Promise.all(reading)).filter((run) => run !== null);
  }

  /** Runs of the chain that no link leads to: resets that were themselves reset from an older run. */
  async function readUnlinked(ref: RunRef, { firstRunId, linked }: { firstRunId: string; linked: Passed[] }) {
    const seen = new Set(linked.map((run) => run.runId));
    const since = linked[0]?.startedAt ?? null;
    const found: Passed[] = [];
    for (const runId of await history.runIds(ref, { since, most: MOST_RUNS })) {
      if (seen.has(runId)) continue;
      const known = remembered.get(keyOf(ref, runId));
      const start = known ? null : await history.start({ ...ref, runId });
      const run = known ?? (start && start.firstRunId === firstRunId ? await readPassed(ref, start) : null);
      if (run?.firstRunId === firstRunId) found.push(run);
    }
    return found;
  }

  async function readBefore(
    ref: RunRef,
    { start, newest, firstRunId, lastKnown }: Beginning & { lastKnown: string | null },
  ): Promise<Passed[]> {
    if (!start || newest.runId === lastKnown) return [];
    const linked = (await walkBack(ref, start.previousRunId, lastKnown)).reverse();
    const isReset = [start, ...linked].some((run) => run.cause === 'reset');
    if (!isReset) return linked;
    const unlinked = await readUnlinked({ ...ref, runId: newest.runId }, { firstRunId, linked });
    // Visibility also knows what came after it, where the chain has gone on meanwhile.
    const all = [...linked, ...unlinked.filter((run) => run.runId !== newest.runId && isBefore(run, newest))];
    return all.toSorted((a, b) => (a.startedAt < b.startedAt ? -1 : a.startedAt > b.startedAt ? 1 : 0));
  }

  return {
    async read(
      ref: RunRef,
      { newest, end, target }: { newest: DescribedRun; end: Omit<Ended, 'wasEnd'>; target: EngineTarget },
    ): Promise<Chain> {
      const at = (runId: string) => ({ ...ref, runId });
      const start = await history.start(at(newest.runId));
      const firstRunId = newest.firstRunId ?? start?.firstRunId ?? newest.runId;
      // Registered by a later run, the ledger does not know those before it.
      const isKnown = target.firstRunId === firstRunId && !target.whole;
      const lastKnown = isKnown ? (target.known?.runId ?? null) : null;
      const before = await readBefore(ref, { start, newest, firstRunId, lastKnown });
      const first = firstRunId === newest.runId ? start : ((await history.start(at(firstRunId))) ?? start);
      const startedAt = newest.startedAt ?? start?.startedAt ?? '';
      // A first run that was not reached adds at least itself.
      const skipped = (before[0]?.runId ?? newest.runId) === firstRunId ? 0 : 1;
      return {
        runs: [
          ...before.map(({ firstRunId: _, ...run }, index) => ({ ...run, runNumber: index + 1 + skipped })),
          {
            runId: newest.runId,
            runNumber: before.length + 1 + skipped,
            cause: start?.cause ?? 'start',
            previousRunId: start?.previousRunId ?? null,
            startedAt,
            ...end,
            wasEnd: false,
          },
        ],
        firstRunId,
        start,
        engineStartedAt: firstRunId === newest.runId ? startedAt : (first?.startedAt ?? null),
        firstTaskAt: first?.firstTaskAt ?? null,
      };
    },
  };
}

interface Beginning {
  start: RunStart | null;
  newest: DescribedRun;
  firstRunId: string;
}

/** Of two that began in the same microsecond, the one that closed first. */
function isBefore(run: Passed, newest: DescribedRun): boolean {
  if (newest.startedAt === null || run.startedAt < newest.startedAt) return true;
  if (run.startedAt > newest.startedAt || run.closedAt === null) return false;
  return newest.closedAt === null || run.closedAt <= newest.closedAt;
}

function endOf(end: RunEnd | null, described: DescribedRun | null): Ended {
  if (end) {
    const wasEnd = end.newRunId === null && end.status !== 'continued_as_new' && !isResetter(end);
    return { status: end.status, closedAt: end.closedAt, errorMessage: messageOf(end), wasEnd };
  }
  const status = (described && closedStatus(described.status)) ?? 'unknown';
  return { status, closedAt: described?.closedAt ?? null, errorMessage: null, wasEnd: false };
}

function messageOf(end: RunEnd): string | null {
  if (end.status === 'terminated') return terminatedSentence(end.reason);
  if (!end.failure) return null;
  const failure: Failure = toFailure(end.failure);
  return storableText(failureSentence(failure), ERROR_MESSAGE_LIMIT);
}
