import type { temporal } from '@temporalio/proto';
import type { DescribedRun } from './described-run.ts';

type HistoryEvent = temporal.api.history.v1.IHistoryEvent;

/** Histories up to this size are read whole with the first look: one call instead of one each for end, start, actor and steps. */
const SHORT = { events: 100, bytes: 100_000 };
/** Most bytes kept, as Temporal counts them; in memory they are some times as large. */
const KEPT_BYTES = 8_000_000;

export interface RecentHistories {
  /** The whole history, oldest first; `null` where it is not kept. */
  get(ref: { namespace: string; temporalWorkflowId: string; runId: string }): HistoryEvent[] | null;
  keep(
    ref: { namespace: string; temporalWorkflowId: string; runId: string },
    events: HistoryEvent[],
    bytes: number,
  ): void;
  /** Its timeline was made: nobody reads it again. */
  drop(ref: { namespace: string; temporalWorkflowId: string; runId: string }): void;
}

/** Pure: whether a history is read whole at once. Only that of a closed run stays as it is. */
export function isShort({ historyEvents, historyBytes }: DescribedRun): boolean {
  return historyEvents > 0 && historyEvents <= SHORT.events && historyBytes <= SHORT.bytes;
}

/**
 * Histories of runs that closed a moment ago, so that what was read for the outcome is not read again for the timeline; at
 * most 8 MB of them, the oldest give way. Shared by the engines of one process.
 */
export function createRecentHistories(keptBytes = KEPT_BYTES): RecentHistories {
  const kept = new Map<string, { events: HistoryEvent[]; bytes: number }>();
  let bytes = 0;
  const keyOf = (ref: { namespace: string; temporalWorkflowId: string; runId: string }) =>
    JSON.stringify([ref.namespace, ref.temporalWorkflowId, ref.runId]);
  function remove(key: string): void {
    bytes -= kept.get(key)?.bytes ?? 0;
    kept.delete(key);
  }
  return {
    get: (ref) => kept.get(keyOf(ref))?.events ?? null,
    keep(ref, events, size) {
      remove(keyOf(ref));
      kept.set(keyOf(ref), { events, bytes: size });
      bytes += size;
      for (const key of kept.keys()) if (bytes > keptBytes) remove(key);
    },
    drop: (ref) => remove(keyOf(ref)),
  };
}
