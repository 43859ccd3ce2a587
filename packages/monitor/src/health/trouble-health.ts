import type { OpenRun, OpenTrouble, WaitedQueue } from '@runledger/contracts';
import { formatDuration, quoteFailure } from '@runledger/contracts';
import type { Diagnosis } from './diagnosis.ts';

/** Where workers poll, a task that waits for less is only behind others. Milliseconds. */
const LATE_WAIT_MS = 60_000;

/**
 * Pure: what keeps an open execution from going on, as its health, with figures; `null` where nothing does. Where nobody
 * polls it is `wedged`: nothing happens until somebody starts a worker. What may still go on by itself is `late`.
 */
export function diagnoseTrouble({ troubles = [] }: OpenRun, now: number = Date.now()): Diagnosis | null {
  const diagnoses = troubles.map((trouble) => diagnoseOne(trouble, now)).filter((diagnosis) => diagnosis !== null);
  const worst = diagnoses.find(({ health }) => health === 'wedged') ?? diagnoses[0];
  if (!worst) return null;
  const others = diagnoses.filter((diagnosis) => diagnosis !== worst).map(({ reason }) => reason);
  return { ...worst, reason: [worst.reason, ...others].join('. ') };
}

function diagnoseOne(trouble: OpenTrouble, now: number): Diagnosis | null {
  switch (trouble.kind) {
    case 'activity_fails':
      return diagnoseFailing(trouble, now);
    case 'activity_waits': {
      const more = trouble.activities > 1 ? ` and ${trouble.activities - 1} more` : '';
      const verb = trouble.activities > 1 ? 'have' : 'has';
      return diagnoseWaiting(trouble, `Its activity ${trouble.activityType}${more} ${verb} waited`, now);
    }
    case 'workflow_task_waits':
      return diagnoseWaiting(trouble, 'Its workflow task has waited', now);
  }
}

function diagnoseFailing(trouble: Extract<OpenTrouble, { kind: 'activity_fails' }>, now: number): Diagnosis {
  const { activityType, attempts, failure, since, activities } = trouble;
  const span = since ? ` since ${moment(since)} UTC (${formatDuration(now - Date.parse(since))})` : '';
  const more = activities > 1 ? `; ${activities - 1} more of its activities only fail too` : '';
  return {
    health: 'late',
    reason: `${quoteFailure(`Its activity ${activityType} has failed ${attempts} times${span}`, failure ?? 'no reason given')}${more}`,
    remedy: 'Fix what the activity needs or its code: it is tried again by itself',
  };
}

function diagnoseWaiting(
  { since, queue }: { since: string; queue: WaitedQueue },
  what: string,
  now: number,
): Diagnosis | null {
  const waited = now - Date.parse(since);
  if (queue.pollers !== 0 && waited < LATE_WAIT_MS) return null;
  const said = `${what} ${formatDuration(waited)} on the task queue ${queue.name}`;
  if (queue.pollers === 0) {
    return {
      health: 'wedged',
      reason: `${said}, which nobody polls`,
      remedy: `Start a worker for the task queue ${queue.name}: it goes on by itself, nothing is lost`,
    };
  }
  const last = queue.lastPolledAt
    ? `, the last time ${formatDuration(now - Date.parse(queue.lastPolledAt))} before this check`
    : '';
  const pollers =
    queue.pollers === null
      ? ''
      : queue.pollers === 1
        ? `; 1 worker polls it${last}`
        : `; ${queue.pollers} workers poll it${last}`;
  return {
    health: 'late',
    reason: `${said}${pollers}`,
    remedy: `Look whether the workers of ${queue.name} are overloaded, or cannot run this type`,
  };
}

/** `2026-11-21 09:14:03`. */
function moment(at: string): string {
  return new Date(at).toISOString().replace('T', ' ').slice(0, 19);
}
