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

const { work, carry } = proxyActivities<typeof activities>({
  startToCloseTimeout: '20s',
  retry: { maximumAttempts: 3, initialInterval: '200ms' },
});
// Tried until it gets through: the database may be away for longer than a few attempts.
const { reportOutcome } = proxyActivities<ReportActivities>({
  startToCloseTimeout: '20s',
  retry: { initialInterval: '200ms', maximumInterval: '2s' },
});

/** Runs its script. The last step's end is the workflow's. */
export async function script({ steps }: Script): Promise<unknown> {
  let went = false;
  setHandler(go, () => {
    went = true;
  });
  for (const [index, step] of steps.entries()) {
    if (step.do === 'return') return exactly(step.json);
    await perform(step, steps.slice(index + 1), () => went);
  }
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

/** A value that is written as this very JSON: its numbers are not made doubles on the way. */
function exactly(json: string): unknown {
  const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown };
  type Reviver = (key: string, value: unknown, context: { source?: string }) => unknown;
  const parse = JSON.parse as (text: string, reviver: Reviver) => unknown;
  return parse(json, (_, value, { source }) => (typeof value === 'number' && source ? rawJSON(source) : value));
}

async function perform(step: Exclude<Step, { do: 'return' }>, rest: Step[], went: () => boolean): Promise<void> {
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
    case 'carry':
      for (let done = 0; done < step.activities; done += 1) await carry(step.characters);
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
