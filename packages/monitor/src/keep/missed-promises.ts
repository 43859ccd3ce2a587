import type { ChangeFeedBlocker, LedgerFigures } from '@runledger/contracts';
import { formatDuration } from '@runledger/contracts';

/** Checks are asked for a little early, so that a round that keeps its period stays below this many periods. */
const LATE_ROUND = 1.5;
/** Histories are condensed within seconds of an end; this long says that the queue only grows. Milliseconds. */
const LATE_TIMELINE_MS = 300_000;

export interface Reached extends Pick<LedgerFigures, 'timelines' | 'changeFeedHeldBy'> {
  periodMs: number;
  periodReachedMs: number | null;
}

/** Pure: the promises of a monitor that are missed now, one sentence each, with figures and what to do. */
export function missedPromises({ periodMs, periodReachedMs, timelines, changeFeedHeldBy }: Reached): string[] {
  const missed: string[] = [];
  if (periodReachedMs !== null && periodReachedMs > LATE_ROUND * periodMs) {
    missed.push(
      `Open executions are compared with Temporal every ${formatDuration(periodReachedMs)} instead of every ${formatDuration(periodMs)}: more are open than the monitor may ask about, or it was away.`,
    );
  }
  if (timelines.oldestAgeMs !== null && timelines.oldestAgeMs > LATE_TIMELINE_MS) {
    const many = timelines.pending >= 10_000 ? 'at least 10,000' : timelines.pending.toLocaleString('en');
    missed.push(
      `The steps of ${many} ended executions are still to be read from Temporal; the oldest waits for ${formatDuration(timelines.oldestAgeMs)}. Beyond the namespace's retention they are lost.`,
    );
  }
  if (changeFeedHeldBy) missed.push(blockerSentence(changeFeedHeldBy));
  return missed;
}

function blockerSentence(blocker: ChangeFeedBlocker): string {
  const since = `since ${new Date(blocker.since).toISOString().replace('T', ' ').slice(0, 19)} UTC`;
  const span = formatDuration(Date.now() - Date.parse(blocker.since));
  const stands = `The feed of changes stands still for ${span}: subscribers and hints wait`;
  const where = blocker.database ? ` in the database ${blocker.database}` : '';
  switch (blocker.kind) {
    case 'session': {
      const application = blocker.application ? `, ${blocker.application}` : '';
      return `${stands} for the transaction of session ${blocker.pid} (${blocker.state}${application})${where}, open ${since}. End it, or: select pg_terminate_backend(${blocker.pid}).`;
    }
    case 'prepared':
      return `${stands} for the prepared transaction "${blocker.gid}"${where}, ${since}. Commit it, or: rollback prepared '${blocker.gid}'.`;
    case 'unknown':
      return `${stands} for a transaction of another role that this one may not see, ${since}: grant pg_read_all_stats to the owner of the schema "runledger_private" to have it named.`;
  }
}
