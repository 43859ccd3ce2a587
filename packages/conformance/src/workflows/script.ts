import type { OutcomeReport, ReportActivities } from '@runledger/monitor';
import {
  ApplicationFailure,
  CancellationScope,
  condition,
  continueAsNew,
  defineSignal,
  executeChild,
  proxyActivities,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import type * as activities from '../activities.ts';
import type { Script, Step } from '../steps.ts';
import type { refuse } from './refuse.ts';

const go = defineSignal('go');

const { work } = proxyActivities<typeof activities>({
  startToCloseTimeout: '20s',
  retry: { maximumAttempts: 3, initialInterval: '200ms' },
});
// Tried until it gets through: the database may be away for longer than a few attempts.
const { reportOutcome } = proxyActivities<ReportActivities>({
  startToCloseTimeout: '20s',
  retry: { initialInterval: '200ms', maximumInterval: '2s' },
});

/** Runs its script. The last step's end is the workflow's. */
export async function script({ steps }: Script): Promise<string> {
  let went = false;
  setHandler(go, () => {
    went = true;
  });
  for (const [index, step] of steps.entries()) await perform(step, steps.slice(index + 1), () => went);
  return 'done';
}

/** Waits for a cancel and answers it with what a cancel does not stop. */
async function untilCancelled(answer: (cancelled: unknown) => Promise<unknown>): Promise<void> {
  try {
    await condition(() => false);
  } catch (cancelled) {
    await CancellationScope.nonCancellable(() => answer(cancelled));
  }
}

async function perform(step: Step, rest: Step[], went: () => boolean): Promise<void> {
  switch (step.do) {
    case 'sleep':
      return sleep(step.ms);
    case 'wait':
      return condition(went);
    case 'hang':
      return condition(() => false);
    case 'continueWhenCancelled':
      await untilCancelled(() => continueAsNew<typeof script>({ steps: rest }));
      return;
    case 'cleanUpWhenCancelled':
      await untilCancelled(async (cancelled) => {
        for (let done = 0; done < step.activities; done += 1) await work(0);
        throw cancelled;
      });
      return;
    case 'activity':
      await work(step.failures);
      return;
    case 'child':
      await executeChild<typeof refuse>('refuse', { args: [step.fails] });
      return;
    case 'fail':
      if (workflowInfo().attempt < (step.beforeAttempt ?? Number.POSITIVE_INFINITY))
        throw ApplicationFailure.create({ message: `attempt ${workflowInfo().attempt} failed`, type: 'ScriptFailed' });
      return;
    case 'continueAsNew':
      if (step.times > 0) await continueAsNew<typeof script>({ steps: [{ ...step, times: step.times - 1 }, ...rest] });
      return;
    case 'report': {
      const { do: _, ...report } = step;
      await reportOutcome(report satisfies OutcomeReport);
      return;
    }
  }
}
