import type { Health, OpenRun, UnsettledExecution, UsualDuration } from '@runledger/contracts';
import { formatDuration } from '@runledger/contracts';
import type { Settlement } from '../settle/settlement.ts';
import { lostStanding } from './lost-health.ts';
import { standingOfTrouble } from './trouble-health.ts';

/** Health of an execution that stays unsettled: why, and the one thing that is safe to do about it. */
export interface Standing {
  health: Health;
  reason: string | null;
  remedy: string | null;
}

export const LIVE: Standing = { health: 'live', reason: null, remedy: null };

/** Fewer completed executions than this say nothing about how long one usually takes. */
const SMALLEST_SAMPLE = 20;
/** Where the 99th percentile stands in `UsualDuration.quantilesMs`. */
const P99 = 20;

export interface Surroundings {
  /** How long executions of its workflow usually take, where that is known. */
  usual?: UsualDuration | null;
  /** How long its namespace keeps what has closed, in milliseconds, where that is known. */
  retentionMs?: number | null;
}

/** Pure: the health of an execution that a settlement leaves unsettled; `null` for one that it settles. */
export function standingAfter(
  row: UnsettledExecution,
  settlement: Settlement,
  { usual = null, retentionMs = null }: Surroundings = {},
): Standing | null {
  switch (settlement.kind) {
    case 'record_outcome':
    case 'complete':
    case 'settled':
      return null;
    case 'unknown':
      return standingOfUnknown(row, retentionMs);
    default:
      return standingOfOpen(row, settlement.open, usual);
  }
}

function standingOfOpen(row: UnsettledExecution, open: OpenRun, usual: UsualDuration | null): Standing {
  if (open.wedged) {
    const { attempts, failure } = open.wedged;
    return {
      health: 'wedged',
      reason: `Its workflow task has failed ${attempts} times${failure ? `: ${failure}` : ''}`,
      remedy: 'Fix and redeploy the workflow code: it goes on by itself, nothing is lost',
    };
  }
  const trouble = standingOfTrouble(open);
  // A request is about the run that was open when it was made.
  const isAsked = row.cancelRequestedAt !== null && (row.currentRunId === null || row.currentRunId === open.runId);
  if (open.cancelRequested || isAsked) return standingOfCancelling(row, trouble);
  if (open.engineStatus !== 'RUNNING') {
    const paused = open.engineStatus === 'PAUSED';
    return {
      health: 'live',
      reason: paused ? 'It is paused in Temporal' : `Temporal calls it ${open.engineStatus}`,
      remedy: paused ? 'Unpause it in Temporal when it is to go on' : null,
    };
  }
  return trouble ?? standingByAge(row, open, usual) ?? LIVE;
}

/** Who asked for it and when stands on the row; the sentence names nobody. */
function standingOfCancelling(row: UnsettledExecution, trouble: Standing | null): Standing {
  const why = row.cancelReason ? `: ${row.cancelReason}` : '';
  const holdUp = trouble ? `. ${trouble.reason}` : '';
  return {
    health: 'cancelling',
    reason: `A cancel was requested${why}; the workflow has not ended yet${holdUp}`,
    remedy: trouble?.remedy ?? 'Wait while it cleans up; terminate it if it never ends',
  };
}

/** Older than 99 % of the latest executions of its own workflow that completed. */
function standingByAge(row: UnsettledExecution, open: OpenRun, usual: UsualDuration | null): Standing | null {
  const p99 = usual?.quantilesMs[P99];
  if (!usual || p99 === undefined || usual.sample < SMALLEST_SAMPLE) return null;
  const age = Date.now() - Date.parse(open.engineStartedAt ?? row.startedAt);
  if (age <= p99) return null;
  return {
    health: 'late',
    reason: `It has run for ${formatDuration(age)}; 99 % of the latest ${usual.sample} completed executions of its workflow took at most ${formatDuration(p99)}`,
    remedy: 'Look at its steps for what it waits for; nothing needs doing if that is expected',
  };
}

function standingOfUnknown(row: UnsettledExecution, retentionMs: number | null): Standing {
  if (row.firstRunId !== null) return lostStanding(row, retentionMs);
  if (row.isPastStartBy) {
    return {
      health: 'late',
      reason: 'It was not started in time and will not be',
      remedy: 'Start it anew: nothing of it has run. End this one: runledger end, with its id',
    };
  }
  return {
    health: 'late',
    reason: 'Temporal has not been asked to start it yet, or did not get the request',
    remedy: 'Wait: the monitor starts it as soon as Temporal takes it',
  };
}
