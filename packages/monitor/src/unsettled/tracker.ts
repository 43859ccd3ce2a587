import type { TrackLedger, UnsettledExecution } from '@runledger/contracts';
import { LRUCache } from 'lru-cache';
import type { Logger } from 'pino';
import { runLoop } from '../pacing/loop.ts';
import type { Tracked } from './tracked.ts';

/** Changes read in one call. */
const PAGE = 1_000;
/** Settled executions whose revision is remembered until their change has come by. */
const REMEMBERED = 20_000;

export interface TrackerOptions {
  ledger: TrackLedger;
  namespace: string;
  logger: Logger;
  /** How often changes are read, in milliseconds. */
  tickMs: number;
  /** Most executions held; beyond it the oldest are left to the reconciler. */
  limit: number;
  /** Called for every execution that was not tracked before. */
  appeared(row: UnsettledExecution): void;
  /** Called after every tick that changed something. */
  changed(tracked: ReadonlyMap<string, Tracked>): void;
}

export interface Tracker {
  /** Reads what is unsettled, then follows the changes, until the signal is aborted. */
  run(signal: AbortSignal): Promise<void>;
  readonly tracked: ReadonlyMap<string, Tracked>;
  /** Whether an execution is unsettled as far as this tracker knows; it does not know all where they are more than its limit. */
  mayBeUnsettled(executionId: string): boolean;
  /** Adds rows that somebody else read. */
  see(rows: UnsettledExecution[], readAt: number): void;
  /** An execution that is settled as of this revision, so that its change need not be read back. */
  forget(executionId: string, revision: number | null): void;
  /** The tracked executions with that Temporal workflow id. */
  withWorkflowId(workflowId: string): Tracked[];
}

/** Knows which executions are unsettled, from one read at the start and the ledger's changes since. */
export function createTracker(options: TrackerOptions): Tracker {
  const { ledger, namespace, logger, tickMs, limit, appeared, changed } = options;
  const tracked = new Map<string, Tracked>();
  const byWorkflowId = new Map<string, Set<string>>();
  const settledAt = new LRUCache<string, number>({ max: REMEMBERED });
  /** Whether every unsettled execution is held. */
  let isWhole = true;
  let cursor: string | null = null;

  function put(row: UnsettledExecution, readAt: number): boolean {
    const known = tracked.get(row.executionId);
    if (known && known.row.revision > row.revision) return false;
    if (!known && tracked.size >= limit) {
      isWhole = false;
      return false;
    }
    tracked.set(row.executionId, { row, readAt });
    const sharing = byWorkflowId.get(row.temporalWorkflowId);
    if (sharing) sharing.add(row.executionId);
    else byWorkflowId.set(row.temporalWorkflowId, new Set([row.executionId]));
    if (!known) appeared(row);
    return !known || known.row.revision < row.revision;
  }

  function remove(executionId: string): boolean {
    const known = tracked.get(executionId);
    if (!known) return false;
    tracked.delete(executionId);
    const sharing = byWorkflowId.get(known.row.temporalWorkflowId);
    sharing?.delete(executionId);
    if (sharing?.size === 0) byWorkflowId.delete(known.row.temporalWorkflowId);
    return true;
  }

  async function readAll(): Promise<void> {
    // The cursor first: what changes in between is then read twice rather than not at all.
    const from = (await ledger.changesSince(null, PAGE)).cursor;
    const readAt = performance.now();
    isWhole = true;
    for (const id of [...tracked.keys()]) remove(id);
    let last: UnsettledExecution | undefined;
    // Until a page is empty: a short one may have been cut on the way. One more than are held, to know whether they are all.
    for (let read = 0, more = true; more && read <= limit; ) {
      const page = await ledger.unsettled(namespace, Math.min(PAGE, limit + 1 - read), last);
      for (const row of page) put(row, readAt);
      // The youngest come first: they are watched while the others are read.
      changed(tracked);
      read += page.length;
      last = page.at(-1);
      more = page.length > 0;
    }
    cursor = from;
    logger.info({ tracked: tracked.size, all: isWhole }, 'tracking');
  }

  /** Answers whether there may be more. */
  async function readChanges(from: string): Promise<boolean> {
    const page = await ledger.changesSince(from, PAGE);
    // What this monitor settled itself is not read back.
    const news = page.changes.filter(({ executionId, revision }) => revision > (settledAt.get(executionId) ?? 0));
    const ids = [...new Set(news.map((change) => change.executionId))];
    let differs = false;
    for (let start = 0; start < ids.length; start += PAGE) {
      const asked = ids.slice(start, start + PAGE);
      const readAt = performance.now();
      const rows = await ledger.unsettledByIds(namespace, asked);
      const unsettled = new Set(rows.map((row) => row.executionId));
      for (const id of asked) {
        if (unsettled.has(id)) continue;
        if (!isWhole) settledAt.set(id, settledAt.get(id) ?? 0);
        if (remove(id)) differs = true;
      }
      for (const row of rows) {
        settledAt.delete(row.executionId);
        if (put(row, readAt)) differs = true;
      }
    }
    cursor = page.cursor;
    if (differs) changed(tracked);
    return page.changes.length >= PAGE;
  }

  return {
    tracked,
    mayBeUnsettled: (executionId) => tracked.has(executionId) || (!isWhole && !settledAt.has(executionId)),
    run: (signal) =>
      runLoop({
        name: 'tracker',
        everyMs: tickMs,
        signal,
        logger,
        async turn() {
          if (cursor === null) await readAll();
          else while (!signal.aborted && (await readChanges(cursor)));
        },
      }),
    see(rows, readAt) {
      const differs = rows.map((row) => put(row, readAt)).some(Boolean);
      if (differs) changed(tracked);
    },
    forget(executionId, revision) {
      if (revision !== null) settledAt.set(executionId, revision);
      if (remove(executionId)) changed(tracked);
    },
    withWorkflowId: (workflowId) => [...(byWorkflowId.get(workflowId) ?? [])].flatMap((id) => tracked.get(id) ?? []),
  };
}
