import type { OpenTrouble } from '@runledger/contracts';
import type { LoadedDataConverter } from '@temporalio/common';
import type { temporal } from '@temporalio/proto';
import proto from '@temporalio/proto';
import type { DescribedRun } from './described-run.ts';
import { failureSentence } from './failure-sentence.ts';
import type { QueuePollers } from './queue-pollers.ts';
import { readFailure } from './read-failure.ts';
import { toTimestamp } from './timestamp.ts';

type PendingActivity = temporal.api.workflow.v1.IPendingActivityInfo;
type HistoryEvent = temporal.api.history.v1.IHistoryEvent;

/** Attempts that have failed, from which on an activity counts as one that only fails. */
const FAILING_ATTEMPTS = 3;
/** A task that waits for less is on its way to a worker. Milliseconds. */
const WAITS_FROM_MS = 10_000;

export interface TroubleReading {
  namespace: string;
  converter: LoadedDataConverter;
  pollers: QueuePollers;
  /** The run's last events, newest first; asked for only while an activity fails. */
  lastEvents(): Promise<HistoryEvent[]>;
  /** Milliseconds since the epoch. Default: now. */
  now?: number;
}

/**
 * What keeps an open run from going on, from describe: an activity that only fails, an activity and a workflow task that no
 * worker takes. Nothing of a run without any costs a call.
 */
export async function readTroubles(run: DescribedRun, reading: TroubleReading): Promise<OpenTrouble[]> {
  if (run.status !== 'RUNNING') return [];
  const found = await Promise.all([taskWaits(run, reading), activityWaits(run, reading), activityFails(run, reading)]);
  return found.filter((trouble) => trouble !== null);
}

async function taskWaits(run: DescribedRun, reading: TroubleReading): Promise<OpenTrouble | null> {
  const { namespace, pollers } = reading;
  const { taskWaitsSince: since, taskQueue } = run;
  if (since === null || taskQueue === null || !isLong(since, reading)) return null;
  return { kind: 'workflow_task_waits', since, queue: await pollers.of(namespace, taskQueue, 'workflow') };
}

async function activityWaits(run: DescribedRun, reading: TroubleReading): Promise<OpenTrouble | null> {
  const waiting = run.pendingActivities.flatMap((activity) => {
    // Of a retry, when it is due; it may lie ahead.
    const since = isWaiting(activity) ? toTimestamp(activity.scheduledTime) : null;
    return since !== null && isLong(since, reading) ? { activity, since } : [];
  });
  const [longest] = waiting.toSorted((a, b) => (a.since < b.since ? -1 : 1));
  if (!longest) return null;
  const { activity, since } = longest;
  // Servers before 1.28 do not name the queue of an activity.
  const name = activity.activityOptions?.taskQueue?.name || run.taskQueue;
  if (!name) return null;
  const queue = await reading.pollers.of(reading.namespace, name, 'activity');
  return { kind: 'activity_waits', activityType: typeOf(activity), since, queue, activities: waiting.length };
}

async function activityFails(run: DescribedRun, reading: TroubleReading): Promise<OpenTrouble | null> {
  const failing = run.pendingActivities.filter(
    (activity) => activity.lastFailure && failedAttempts(activity) >= FAILING_ATTEMPTS,
  );
  const [worst] = failing.toSorted((a, b) => failedAttempts(b) - failedAttempts(a));
  if (!worst?.lastFailure) return null;
  const scheduled = (await reading.lastEvents()).find(
    (event) => event.activityTaskScheduledEventAttributes?.activityId === worst.activityId,
  );
  return {
    kind: 'activity_fails',
    activityType: typeOf(worst),
    attempts: failedAttempts(worst),
    failure: failureSentence(await readFailure(reading.converter, worst.lastFailure)),
    since: toTimestamp(scheduled?.eventTime),
    activities: failing.length,
  };
}

function isWaiting({ state }: PendingActivity): boolean {
  return state === proto.temporal.api.enums.v1.PendingActivityState.PENDING_ACTIVITY_STATE_SCHEDULED;
}

/** The attempt under way, or the one to come, has not failed yet. */
function failedAttempts({ attempt }: PendingActivity): number {
  return Math.max((attempt ?? 0) - 1, 0);
}

function isLong(since: string, { now = Date.now() }: TroubleReading): boolean {
  return now - Date.parse(since) >= WAITS_FROM_MS;
}

function typeOf({ activityType }: PendingActivity): string {
  return activityType?.name || 'unnamed';
}
