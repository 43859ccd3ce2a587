import type { UnsettledExecution } from '@runledger/contracts';
import type { Tracked } from './tracked.ts';
import type { WatchedHandleDeps } from './watched-handle.ts';
import { followHandle } from './watched-handle.ts';

export interface WatcherOptions extends WatchedHandleDeps {
  /** Most executions watched at once. Keep it well below the frontend's `frontend.namespaceCount` (1,200 by default). */
  cap: number;
}

export interface Watcher {
  /** Watches the youngest of these, up to the cap; what is no longer among them gives way, its poll cancelled. */
  update(tracked: ReadonlyMap<string, Tracked>): void;
  /** An execution that Temporal knows again. */
  readmit(executionId: string): void;
  readonly size: number;
  /** Cancels every poll and waits until all have ended. */
  stop(): Promise<void>;
}

interface Handle {
  tracked: Tracked;
  stop: AbortController;
  ended: Promise<void>;
}

export function createWatcher({ cap, ...deps }: WatcherOptions): Watcher {
  const handles = new Map<string, Handle>();
  /** Handles that were told to end and have not yet. */
  const leaving = new Set<Promise<void>>();
  /** Executions that Temporal does not know, by the revision at which that was found: for the reconciler. */
  const gone = new Map<string, number>();
  let latest: ReadonlyMap<string, Tracked> = new Map();
  let stopped = false;

  function begin(tracked: Tracked): void {
    const id = tracked.row.executionId;
    const stop = new AbortController();
    const handle: Handle = { tracked, stop, ended: Promise.resolve() };
    handle.ended = followHandle(() => handle.tracked, deps, stop.signal)
      .then((end) => {
        if (end === 'over') return;
        gone.set(id, handle.tracked.row.revision);
        // Its place is for another one.
        update(latest);
      })
      .catch((error: unknown) => deps.logger.error({ executionId: id, err: error }, 'a watched handle broke'))
      .finally(() => {
        if (handles.get(id) === handle) handles.delete(id);
      });
    handles.set(id, handle);
  }

  function end(id: string, handle: Handle): void {
    handles.delete(id);
    handle.stop.abort();
    const left = handle.ended.finally(() => leaving.delete(left));
    leaving.add(left);
  }

  function update(tracked: ReadonlyMap<string, Tracked>): void {
    if (stopped) return;
    latest = tracked;
    for (const [id, revision] of gone) if (tracked.get(id)?.row.revision !== revision) gone.delete(id);
    const wanted = youngest(tracked, cap, gone);
    for (const [id, handle] of handles) {
      const now = wanted.get(id);
      if (!now) end(id, handle);
      else if (needsFreshStart(handle.tracked.row, now.row)) end(id, handle);
      else handle.tracked = now;
    }
    for (const [id, item] of wanted) if (!handles.has(id)) begin(item);
  }

  return {
    get size() {
      return handles.size;
    },
    update,
    readmit: (executionId) => gone.delete(executionId),
    async stop() {
      stopped = true;
      for (const [id, handle] of handles) end(id, handle);
      await Promise.all(leaving);
    },
  };
}

/** Pure. What the ledger itself has yet to start is not there to be watched. */
export function youngest(
  tracked: ReadonlyMap<string, Tracked>,
  cap: number,
  except: ReadonlyMap<string, unknown> = new Map(),
): Map<string, Tracked> {
  const watchable = [...tracked.values()].filter(({ row }) => !awaitsStart(row) && !except.has(row.executionId));
  if (watchable.length > cap) watchable.sort((a, b) => (a.row.startedAt < b.row.startedAt ? 1 : -1));
  return new Map(watchable.slice(0, cap).map((item) => [item.row.executionId, item]));
}

function awaitsStart(row: UnsettledExecution): boolean {
  return row.startBy !== null && row.firstRunId === null;
}

/** Pure. A run that becomes known, a report and its end are looked into at once; other changes can wait for the poll. */
export function needsFreshStart(before: UnsettledExecution, now: UnsettledExecution): boolean {
  if (before.firstRunId === null && now.firstRunId !== null) return true;
  if (before.reportedAt !== now.reportedAt) return true;
  return now.reportedAt !== null && before.revision !== now.revision;
}
