import type { OpenRun, UnsettledExecution, UsualDuration } from '@runledger/contracts';
import { formatDuration, quoteFailure } from '@runledger/contracts';
import type { Settlement } from '../settle/settlement.ts';
import type { Diagnosis } from './diagnosis.ts';
import { LIVE } from './diagnosis.ts';
import { diagnoseLost } from './lost-health.ts';
import { diagnoseTrouble } from './trouble-health.ts';

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
export function diagnose(
  row: UnsettledExecution,
  settlement: Settlement,
  { usual = null, retentionMs = null }: Surroundings = {},
): Diagnosis | null {
  switch (settlement.kind) {
    case 'record_outcome':
    case 'complete':
    case 'settled':
      return null;
    case 'unknown':
      return diagnoseUnknown(row, retentionMs);
    default:
      return diagnoseOpen(row, settlement.open, usual);
  }
}

function diagnoseOpen(row: UnsettledExecution, open: OpenRun, usual: UsualDuration | null): Diagnosis {
  if (open.wedged) {
    const { attempts, failure } = open.wedged;
    return {
      health: 'wedged',
      reason: quoteFailure(`Its workflow task has failed ${attempts} times`, failure || null),
      remedy: 'Fix and redeploy the workflow code: it goes on by itself, nothing is lost',
    };
  }
  const trouble = diagnoseTrouble(open);
  // A request is about the run that was open when it was made.
  const isAsked = row.cancelRequestedAt !== null && (row.currentRunId === null || row.currentRunId === open.runId);
  if (open.cancelRequested || isAsked) return diagnoseCancelling(row, trouble);
  if (open.engineStatus !== 'RUNNING') {
    const paused = open.engineStatus === 'PAUSED';
    return {
      health: 'live',
      reason: paused ? 'It is paused in Temporal' : `Temporal calls it ${open.engineStatus}`,
      remedy: paused ? 'Unpause it in Temporal when it is to go on' : null,
    };
  }
  return trouble ?? diagnoseAge(row, open, usual) ?? LIVE;
}

/** Who asked for it and when stands on the row; the sentence names nobody. */
function diagnoseCancelling(row: UnsettledExecution, trouble: Diagnosis | null): Diagnosis {
  const why = row.cancelReason ? `: ${row.cancelReason}` : '';
  const holdUp = trouble ? `. ${trouble.reason}` : '';
  return {
    health: 'cancelling',
    reason: `A cancel was requested${why}; the workflow has not ended yet${holdUp}`,
    remedy: trouble?.remedy ?? 'Wait while it cleans up; terminate it if it never ends',
  };
}

/** Older than 99 % of the latest executions of its own workflow that completed. */
function diagnoseAge(row: UnsettledExecution, open: OpenRun, usual: UsualDuration | null): Diagnosis | null {
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

function diagnoseUnknown(row: UnsettledExecution, retentionMs: number | null): Diagnosis {
  if (row.firstRunId !== null) return diagnoseLost(row, retentionMs);
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
