import type { UnsettledExecution, UsualDuration } from '@runledger/contracts';
import type { Tracked } from '../../unsettled/tracked.ts';

/** Which executions are watched where not all can be. */
export type WatchPolicy = 'youngest' | 'likeliest';

/** Ends within this time are what a place is for: about what it takes until places are given anew. Milliseconds. */
const HORIZON_MS = 5_000;
/** What is watched stays until another is so much likelier to end: a change of places costs two calls. */
const LOYALTY = 1.5;
/** The shares that `UsualDuration.quantilesMs` gives durations for. */
const SHARES = [...Array.from({ length: 20 }, (_, i) => i / 20), 0.99, 1];

export interface ChoiceOptions {
  cap: number;
  policy: WatchPolicy;
  /** How long executions of a workflow usually take; `null` where nothing has completed yet. */
  usualDuration(workflowId: string): UsualDuration | null;
  /** What has a place now. */
  isWatched(executionId: string): boolean;
  /** Milliseconds since the epoch. Default: now. */
  now?: number;
}

/**
 * Pure: the executions to watch, at most `cap`. `likeliest` takes those that most probably end within the next seconds,
 * by how long executions of their own workflow took; `tools/bench/src/watch-policy.ts` compares it with `youngest`.
 */
export function choose(watchable: Tracked[], options: ChoiceOptions): Tracked[] {
  const { cap, policy, usualDuration, isWatched, now = Date.now() } = options;
  if (watchable.length <= cap) return watchable;
  const scored = watchable.map((item) => {
    const { row } = item;
    const age = Math.max(0, now - Date.parse(row.startedAt));
    const score = policy === 'youngest' ? -age : endsSoon(age, usualDuration(row.workflowId));
    return { item, score: policy === 'likeliest' && isWatched(row.executionId) ? score * LOYALTY : score };
  });
  scored.sort((a, b) => b.score - a.score);
  return scored.slice(0, cap).map(({ item }) => item);
}

/** Pure: how probable it is that an execution of this age ends within the horizon, from 0 to 1. */
export function endsSoon(ageMs: number, usual: UsualDuration | null): number {
  // Of what nothing is known, or what has outlived all that is known, the longer it lasted, the longer it lasts still.
  const unknown = HORIZON_MS / (ageMs + HORIZON_MS);
  if (!usual) return unknown;
  const left = 1 - shareEndedBy(ageMs, usual.quantilesMs);
  if (left <= 0) return unknown;
  return 1 - (1 - shareEndedBy(ageMs + HORIZON_MS, usual.quantilesMs)) / left;
}

/** The share of executions that took at most so long, between the quantiles by a straight line. */
function shareEndedBy(ms: number, quantiles: number[]): number {
  let above = quantiles.findIndex((quantile) => quantile > ms);
  if (above === -1) above = quantiles.length;
  if (above === 0) return 0;
  if (above === quantiles.length) return 1;
  const [low = 0, high = 0] = [quantiles[above - 1], quantiles[above]];
  const [from = 0, to = 1] = [SHARES[above - 1], SHARES[above]];
  return from + ((to - from) * (ms - low)) / (high - low);
}

/** What the ledger itself has yet to start, and what Temporal does not know, is not there to be watched. */
export function isThere({ startBy, firstRunId, health }: UnsettledExecution): boolean {
  return (startBy === null || firstRunId !== null) && health !== 'lost';
}
