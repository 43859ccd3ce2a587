import { loadDataConverter } from '@temporalio/common/lib/internal-non-workflow/index.js';
import type { temporal } from '@temporalio/proto';
import proto from '@temporalio/proto';
import { describe, expect, test } from 'vitest';
import { readDescribedRun } from './described-run.ts';
import { readWedged } from './wedged.ts';

type HistoryEvent = temporal.api.history.v1.IHistoryEvent;
const { WorkflowTaskFailedCause: Cause } = proto.temporal.api.enums.v1;

const failed = (cause: number, message?: string): HistoryEvent => ({
  workflowTaskFailedEventAttributes: { cause, failure: message ? { message, applicationFailureInfo: {} } : null },
});
const resetMark = failed(Cause.WORKFLOW_TASK_FAILED_CAUSE_RESET_WORKFLOW, 'once more');

/** A run whose workflow task is at this attempt, with its last events, newest first. */
async function openRunAfter(attempt: number | null, lastEvents: HistoryEvent[] = []) {
  const run = readDescribedRun({ pendingWorkflowTask: attempt === null ? null : { attempt } });
  let reads = 0;
  const wedged = await readWedged(run, loadDataConverter(), async () => {
    reads += 1;
    return lastEvents;
  });
  return { wedged, reads };
}

describe('a run is wedged', () => {
  test('from the third attempt of its workflow task on; a first retry is routine', async () => {
    const fault = failed(Cause.WORKFLOW_TASK_FAILED_CAUSE_UNHANDLED_COMMAND);
    for (const attempt of [null, 0, 1, 2]) {
      expect(await openRunAfter(attempt, [fault])).toEqual({ wedged: null, reads: 0 });
    }
    expect(await openRunAfter(3, [fault])).toMatchObject({ wedged: { attempts: 3 }, reads: 1 });
  });

  test.each([
    [
      'what its code threw',
      failed(Cause.WORKFLOW_TASK_FAILED_CAUSE_WORKFLOW_WORKER_UNHANDLED_FAILURE, 'x is undefined'),
      'x is undefined',
    ],
    [
      'the cause where there is no message',
      failed(Cause.WORKFLOW_TASK_FAILED_CAUSE_NON_DETERMINISTIC_ERROR),
      'Its workflow task failed: non deterministic error',
    ],
    [
      'that its worker never answered',
      { workflowTaskTimedOutEventAttributes: {} },
      'Its workflow task timed out: the worker took it and did not answer',
    ],
  ])('because of %s', async (_, fault, sentence) => {
    const older = failed(Cause.WORKFLOW_TASK_FAILED_CAUSE_UNSPECIFIED, 'long fixed');
    const wentWell = { workflowTaskCompletedEventAttributes: {} };
    expect((await openRunAfter(7, [{}, fault, wentWell, older])).wedged).toEqual({ attempts: 7, failure: sentence });
  });

  test('because of the exception, whatever timed out after it', async () => {
    const thrown = failed(Cause.WORKFLOW_TASK_FAILED_CAUSE_WORKFLOW_WORKER_UNHANDLED_FAILURE, 'x is undefined');
    const timedOut = { workflowTaskTimedOutEventAttributes: {} };
    expect((await openRunAfter(4, [{}, timedOut, thrown])).wedged?.failure).toBe('x is undefined');
  });

  test('and not because of an exception that was overcome', async () => {
    const thrown = failed(Cause.WORKFLOW_TASK_FAILED_CAUSE_WORKFLOW_WORKER_UNHANDLED_FAILURE, 'fixed since');
    const events = [{ workflowTaskTimedOutEventAttributes: {} }, { workflowTaskCompletedEventAttributes: {} }, thrown];
    expect((await openRunAfter(4, events)).wedged?.failure).toMatch(/timed out/);
    expect((await openRunAfter(4, events.slice(1))).wedged?.failure).toBeNull();
  });

  test('and a reset is not the reason', async () => {
    expect((await openRunAfter(3, [resetMark])).wedged).toEqual({ attempts: 3, failure: null });
  });
});
