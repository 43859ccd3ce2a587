/** Two workflows that do the same; one records its end in its last step. Bundled: nothing here may import Node. */
import { ApplicationFailure, proxyActivities, sleep } from '@temporalio/workflow';
import type { RecordActivities } from '../record-activities.ts';

/** Whether it ends by itself, or goes on until it is ended from outside. */
export type Course = 'completes' | 'fails' | 'goes on';

export async function short(_executionId: string, course: Course): Promise<string> {
  if (course === 'goes on') await sleep('1 hour');
  if (course === 'fails') throw ApplicationFailure.nonRetryable('failed by the benchmark');
  return 'done';
}

const { recordCompleted, recordFailed } = proxyActivities<RecordActivities>({ startToCloseTimeout: '10 s' });

/** As it is mostly written by hand. An activity in a cancelled scope does not run, so `catch` records no cancellation. */
export async function shortRecorded(executionId: string, course: Course): Promise<string> {
  try {
    const output = await short(executionId, course);
    await recordCompleted(executionId, output);
    return output;
  } catch (error) {
    await recordFailed(executionId, error instanceof Error ? error.message : String(error));
    throw error;
  }
}
