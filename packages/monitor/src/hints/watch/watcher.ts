import type { UnsettledExecution } from '@runledger/contracts';
import type { UsualDurations } from '../../health/usual-durations.ts';
import { aborted } from '../../pacing/aborted.ts';
import type { Tracked } from '../../unsettled/tracked.ts';
import type { Hint } from '../hint.ts';
import { createPollLimit } from './poll-limit.ts';
import type { WatchPolicy } from './watch-policy.ts';
import { choose, isThere } from './watch-policy.ts';
import type { WatchedHandleDeps } from './watched-handle.ts';
import { followHandle } from './watched-handle.ts';

/** How often places are given anew while there are too few, in milliseconds. */
const CHOOSE_EVERY_MS = 500;

export interface WatcherOptions extends WatchedHandleDeps {
  /** Most executions watched at once. Keep it well below the frontend's `frontend.namespaceCount` (1,200 by default). */
  cap: number;
  /** Who is watched where not all can be. Default `likeliest`. */
  policy?: WatchPolicy | undefined;
  usualDurations?: Pick<UsualDurations, 'of'>;
}

/** Watches what is unsettled, up to the cap; what has no place gives way, its poll cancelled. */
export interface Watcher extends Required<Pick<Hint, 'run' | 'changed' | 'settled'>> {
  /** Executions watched now. */
  readonly size: number;
  /** How many Temporal and the cap allow now. */
  readonly limit: number;
  /** Whether some execution that could be watched is not. */
  readonly leavesSome: boolean;
  /** Cancels every poll and waits until all have ended. */
  stop(): Promise<void>;
}

interface Handle {
  tracked: Tracked;
  stop: AbortController;
  ended: Promise<void>;
}

export function createWatcher({ cap, policy = 'likeliest', usualDurations, ...deps }: WatcherOptions): Watcher {
  const handles = new Map<string, Handle>();
  /** Handles that were told to end and have not yet. */
  const leaving = new Set<Promise<void>>();
  /** Executions that Temporal does not know, by the revision at which that was found: for the reconciler. */
  const gone = new Map<string, number>();
  const polls = createPollLimit(cap);
  let latest: ReadonlyMap<string, Tracked> = new Map();
  let leavesSome = false;
  let chosenAt = Number.NEGATIVE_INFINITY;
  let next: { at: number; timer: NodeJS.Timeout } | null = null;
  let stopped = false;

  function begin(tracked: Tracked): void {
    const id = tracked.row.executionId;
    const stop = new AbortController();
    const handle: Handle = { tracked, stop, ended: Promise.resolve() };
    const leave = () => {
      if (handles.get(id) === handle) handles.delete(id);
    };
    handle.ended = followHandle(() => handle.tracked, deps, stop.signal)
      .then((end) => {
        if (end === 'over') return;
        leave();
        if (end === 'refused') return giveWay();
        gone.set(id, handle.tracked.row.revision);
        // Its place is for another one.
        changed(latest);
      })
      .catch((error: unknown) => deps.logger.error({ executionId: id, err: error }, 'a watched handle broke'))
      .finally(leave);
    handles.set(id, handle);
  }

  function giveWay(): void {
    leavesSome = true;
    if (!polls.refused(handles.size)) return;
    deps.logger.warn({ cap }, 'Temporal admits no more long polls; the closure feed follows the others');
  }

  function end(id: string, handle: Handle): void {
    handles.delete(id);
    handle.stop.abort();
    const left = handle.ended.finally(() => leaving.delete(left));
    leaving.add(left);
  }

  function changed(tracked: ReadonlyMap<string, Tracked>): void {
    if (stopped) return;
    latest = tracked;
    // Choosing among many looks at all of them: not with every change.
    const limit = polls.current();
    const wait = tracked.size <= limit ? 0 : chosenAt + CHOOSE_EVERY_MS - performance.now();
    if (wait <= 0) givePlaces(limit);
    else chooseIn(wait);
  }

  function chooseIn(ms: number): void {
    const at = performance.now() + ms;
    if (next && next.at <= at) return;
    if (next) clearTimeout(next.timer);
    const timer = setTimeout(() => {
      next = null;
      changed(latest);
    }, ms);
    next = { at, timer };
  }

  function givePlaces(limit: number): void {
    for (const [id, revision] of gone) if (latest.get(id)?.row.revision !== revision) gone.delete(id);
    const watchable = [...latest.values()].filter(({ row }) => isThere(row) && !gone.has(row.executionId));
    const chosen = choose(watchable, {
      cap: limit,
      policy,
      usualDuration: (workflowId) => usualDurations?.of(workflowId) ?? null,
      isWatched: (executionId) => handles.has(executionId),
    });
    chosenAt = performance.now();
    leavesSome = chosen.length < watchable.length;
    const wanted = new Map(chosen.map((item) => [item.row.executionId, item]));
    for (const [id, handle] of handles) {
      const now = wanted.get(id);
      if (!now) end(id, handle);
      else if (needsFreshStart(handle.tracked.row, now.row)) end(id, handle);
      else handle.tracked = now;
    }
    for (const [id, item] of wanted) if (!handles.has(id)) begin(item);
    // Ages change who is likeliest, even where nothing else changes.
    if (leavesSome) chooseIn(4 * CHOOSE_EVERY_MS);
  }

  async function stop(): Promise<void> {
    stopped = true;
    if (next) clearTimeout(next.timer);
    for (const [id, handle] of handles) end(id, handle);
    await Promise.all(leaving);
  }

  return {
    get size() {
      return handles.size;
    },
    get limit() {
      return polls.current();
    },
    get leavesSome() {
      return leavesSome;
    },
    changed,
    settled(executionId, result) {
      // Temporal knows it again.
      if (result.kind === 'open') gone.delete(executionId);
    },
    async run(signal) {
      await aborted(signal);
      await stop();
    },
    stop,
  };
}

/** Pure. A run that becomes known, a report and its end are looked into at once; other changes can wait for the poll. */
export function needsFreshStart(before: UnsettledExecution, now: UnsettledExecution): boolean {
  if (before.firstRunId === null && now.firstRunId !== null) return true;
  if (before.reportedAt !== now.reportedAt) return true;
  return now.reportedAt !== null && before.revision !== now.revision;
}
