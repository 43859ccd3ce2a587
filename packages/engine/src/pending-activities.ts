import type { Step } from '@runledger/contracts';
import type { temporal } from '@temporalio/proto';
import proto from '@temporalio/proto';
import type { ReadStepFailure } from './timeline-events.ts';
import { toTimestamp } from './timestamp.ts';

type PendingActivity = temporal.api.workflow.v1.IPendingActivityInfo;

/**
 * Adds to activities that are not over what only describe knows: attempts and the last failure. History has no event of an
 * attempt before the activity is over.
 */
export async function addPending(
  steps: Map<string, Step>,
  pending: PendingActivity[],
  readFailure: ReadStepFailure,
): Promise<void> {
  for (const activity of pending) {
    const step = steps.get(activity.activityId ?? '');
    if (!step) continue;
    const isWaiting =
      activity.state === proto.temporal.api.enums.v1.PendingActivityState.PENDING_ACTIVITY_STATE_SCHEDULED;
    step.status = isWaiting ? 'scheduled' : 'started';
    // While it waits, the number is that of the attempt to come.
    step.attempts = Math.max((activity.attempt ?? 0) - (isWaiting ? 1 : 0), 0);
    // `null` between two attempts: Temporal then says only when the last one ended.
    step.startedAt = toTimestamp(activity.lastStartedTime);
    if (activity.lastFailure) step.failure = await readFailure(activity.lastFailure);
  }
}
