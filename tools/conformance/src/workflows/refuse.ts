import { ApplicationFailure } from '@temporalio/workflow';

/** The child of a script: ends at once, well or badly. */
export async function refuse(fails: boolean): Promise<string> {
  if (fails) throw ApplicationFailure.nonRetryable('the child refused', 'ChildRefused');
  return 'the child agreed';
}
