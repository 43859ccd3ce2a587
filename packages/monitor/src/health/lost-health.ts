import type { UnsettledExecution } from '@runledger/contracts';
import { formatDuration } from '@runledger/contracts';
import type { Diagnosis } from './diagnosis.ts';

const END_IT = 'say how it ended: runledger end, with its id; or report its end with markFailed or markCompleted';

/** Two clocks are hardly further apart than this, in milliseconds. */
const CLOCKS_MS = 60_000;

/** Pure: whether it started before all that the namespace still keeps of what has closed. */
export function hasOutlivedRetention(
  { startedAt }: Pick<UnsettledExecution, 'startedAt'>,
  retentionMs: number | null,
  now: number = Date.now(),
): boolean {
  return retentionMs !== null && retentionMs > 0 && now - Date.parse(startedAt) > retentionMs + CLOCKS_MS;
}

/**
 * Pure: the health of an execution that Temporal does not know. The ids that Temporal was asked about stand on the row, so the
 * sentence has none.
 */
export function diagnoseLost(
  row: Pick<UnsettledExecution, 'startedAt'>,
  retentionMs: number | null = null,
): Diagnosis & { health: 'lost' } {
  if (retentionMs !== null && hasOutlivedRetention(row, retentionMs)) {
    return {
      health: 'lost',
      reason: `Temporal does not know it: if it ended more than ${formatDuration(retentionMs)} ago, the namespace has forgotten it by its retention`,
      remedy: `${END_IT[0]?.toUpperCase()}${END_IT.slice(1)}`,
    };
  }
  return {
    health: 'lost',
    reason: 'Temporal does not know it: it was deleted there, or this is another server or namespace',
    remedy: `Check that this is the right server and namespace. If it is, ${END_IT}`,
  };
}
