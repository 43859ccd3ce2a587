import type { Payload } from '@temporalio/common';
import type { temporal } from '@temporalio/proto';
import { jsonTextOf } from './json-text.ts';

/** Temporal takes 400 bytes; what says more is none. */
const LONGEST_BYTES = 4_096;

/**
 * The sentence that a workflow gave an activity, a timer or a child, for people (`summary` in its options). `null` without one, and
 * for one that a codec has encrypted: each would be a call of that.
 */
export function summaryOf({ userMetadata }: temporal.api.history.v1.IHistoryEvent): string | null {
  const payload = userMetadata?.summary;
  if (!payload?.data || payload.data.length > LONGEST_BYTES) return null;
  const text = jsonTextOf(payload as Payload);
  if (text === null) return null;
  try {
    const summary: unknown = JSON.parse(text);
    return typeof summary === 'string' && summary !== '' ? summary : null;
  } catch {
    return null;
  }
}
