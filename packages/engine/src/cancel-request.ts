import type { CancelRequest } from '@runledger/contracts';
import { ENGINE_REASON_LIMIT, storableText } from '@runledger/contracts';
import type { temporal } from '@temporalio/proto';
import { toTimestamp } from './timestamp.ts';

type HistoryEvent = temporal.api.history.v1.IHistoryEvent;

/** Longest identity of a caller kept, in characters. */
const ACTOR_LIMIT = 500;

/** The first request to cancel among these events; who asked is `unknown` where the caller gave no identity. */
export function findCancelRequest(events: HistoryEvent[]): CancelRequest | null {
  for (const { eventTime, workflowExecutionCancelRequestedEventAttributes: request } of events) {
    if (!request) continue;
    return {
      at: toTimestamp(eventTime) ?? new Date(0).toISOString(),
      by: request.identity ? storableText(request.identity, ACTOR_LIMIT) : 'unknown',
      reason: request.cause ? storableText(request.cause, ENGINE_REASON_LIMIT) : null,
    };
  }
  return null;
}
