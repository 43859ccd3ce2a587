import type { OpenRun } from '@runledger/contracts';
import type { LoadedDataConverter } from '@temporalio/common';
import type { temporal } from '@temporalio/proto';
import type { DescribedRun } from './described-run.ts';
import { failureSentence } from './failure-sentence.ts';
import { readFailure } from './read-failure.ts';
import { isTaskFault, taskFailureOf } from './workflow-task-fault.ts';

type HistoryEvent = temporal.api.history.v1.IHistoryEvent;

/**
 * From this attempt of its pending workflow task on, a run counts as wedged. A second attempt is routine: a worker that
 * restarted, a deployment. Temporal's own flag, the search attribute TemporalReportedProblems, comes with the fifth failure
 * in a row: measured with code that crashes, after a minute, where the third attempt came within 10 to 22 s.
 */
const WEDGED_ATTEMPTS = 3;

/** Says whether a run's workflow task fails again and again, and why; reads its last events only if it does. */
export async function readWedged(
  run: DescribedRun,
  converter: LoadedDataConverter,
  lastEvents: () => Promise<HistoryEvent[]>,
): Promise<OpenRun['wedged']> {
  if (run.taskAttempt < WEDGED_ATTEMPTS) return null;
  const events = await lastEvents();
  // What came before a task that went well is of an earlier trouble.
  const lastGood = events.findIndex((event) => event.workflowTaskCompletedEventAttributes);
  const faults = (lastGood === -1 ? events : events.slice(0, lastGood)).filter(isFault);
  // A worker that is stopped or overloaded adds time-outs to an exception; they are not why it stands still.
  const fault = faults.find((event) => event.workflowTaskFailedEventAttributes) ?? faults[0];
  const failure = fault ? failureSentence(await readFailure(converter, taskFailureOf(fault))) : null;
  return { attempts: run.taskAttempt, failure };
}

function isFault({ workflowTaskFailedEventAttributes: failed, workflowTaskTimedOutEventAttributes }: HistoryEvent) {
  return failed ? isTaskFault(failed) : Boolean(workflowTaskTimedOutEventAttributes);
}
