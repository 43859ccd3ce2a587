import type { OpenRun, OpenTrouble, WaitedQueue } from '@runledger/contracts';
import { formatDuration } from '@runledger/contracts';
import type { Standing } from './health.ts';

/** Where workers poll, a task that waits for less is only behind others. Milliseconds. */
const LATE_WAIT_MS = 60_000;

/**
 * Pure: what keeps an open execution from going on, as its health, with figures; `null` where nothing does. Where nobody
 * polls it is `wedged`: nothing happens until somebody starts a worker. What may still go on by itself is `late`.
 */
export function standingOfTrouble({ troubles = [] }: OpenRun, now: number = Date.now()): Standing | null {
  const standings = troubles.map((trouble) => standingOf(trouble, now)).filter((standing) => standing !== null);
  const worst = standings.find(({ health }) => health === 'wedged') ?? standings[0];
  if (!worst) return null;
  const others = standings.filter((standing) => standing !== worst).map(({ reason }) => reason);
  return { ...worst, reason: [worst.reason, ...others].join('. ') };
}

function standingOf(trouble: OpenTrouble, now: number): Standing | null {
  switch (trouble.kind) {
    case 'activity_fails':
      return standingOfFailing(trouble, now);
    case 'activity_waits': {
      const more = trouble.activities > 1 ? ` and ${trouble.activities - 1} more` : '';
      const verb = trouble.activities > 1 ? 'have' : 'has';
      return standingOfWaiting(trouble, `Its activity ${trouble.activityType}${more} ${verb} waited`, now);
    }
    case 'workflow_task_waits':
      return standingOfWaiting(trouble, 'Its workflow task has waited', now);
  }
}

function standingOfFailing(trouble: Extract<OpenTrouble, { kind: 'activity_fails' }>, now: number): Standing {
  const { activityType, attempts, failure, since, activities } = trouble;
  const span = since ? ` since ${moment(since)} UTC (${formatDuration(now - Date.parse(since))})` : '';
  const more = activities > 1 ? `; ${activities - 1} more of its activities only fail too` : '';
  return {
    health: 'late',
    reason: `Its activity ${activityType} has failed ${attempts} times${span}, the last time with: ${failure ?? 'no reason given'}${more}`,
    remedy: 'Fix what the activity needs or its code: it is tried again by itself',
  };
}

function standingOfWaiting(
  { since, queue }: { since: string; queue: WaitedQueue },
  what: string,
  now: number,
): Standing | null {
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
