import { readFileSync } from 'node:fs';
import type { Resolution } from '@runledger/contracts';
import { loadDataConverter } from '@temporalio/common/lib/internal-non-workflow/index.js';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Recording } from './fixtures/recorded-calls.ts';
import { replayingCalls } from './fixtures/recorded-calls.ts';
import type { SCENES } from './fixtures/scenes.ts';
import { createResolver } from './resolver.ts';

/** What a person says of each look: how it stands, what came of it, who did it, and the runs. */
const SAID: Record<keyof typeof SCENES, string[]> = {
  completed: ['completed {"total":3,"items":["a"]}: completed by start'],
  completedWithItsInputRead: ['completed {"total":3} given {"total":3}: completed by start'],
  failed: ['failed "no stock (StockError): the bank said no (BankError)": failed by start'],
  failedInActivity: ['failed "chargeCard activity failed 3 times: card declined (CardError)": failed by start'],
  failedInChild: [
    'failed "failsInActivity child workflow failed: chargeCard activity failed: card declined (CardError)": failed by start',
  ],
  activityTimedOut: ['failed "hang activity failed: start-to-close timeout": failed by start'],
  cancelled: ['cancelled "Cancelled: ordered twice" by anna@example.com, cancel asked for: cancelled by start'],
  cancelledAfterLongCleanUp: [
    'cancelled "Cancelled: ordered twice" by anna@example.com, cancel asked for: cancelled by start',
  ],
  completedInSpiteOfACancel: [
    'open, cancel asked for: running by start',
    'completed "word", cancel asked for: completed by start',
  ],
  terminated: ['terminated "Terminated: ordered twice" by anna@example.com: terminated by start'],
  runTimedOut: ['timed_out "Timed out: the run timeout of 1s passed": timed_out by start'],
  executionTimedOut: ['timed_out "Timed out: the execution timeout of 1s passed": timed_out by start'],
  failedAfterRetries: [
    'failed "Failed 3 times: not today (Weather)": failed by start, failed by retry, failed by retry',
  ],
  completedAfterContinuing: [
    'completed "done": continued_as_new by start, continued_as_new by continue_as_new, ' +
      'continued_as_new by continue_as_new, completed by continue_as_new',
  ],
  seenOpenThenCompleted: ['open: running by start', 'completed "word": completed by start'],
  seenInItsFirstRunThenInItsSecond: [
    'open: running by start',
    'open: continued_as_new by start, running by continue_as_new',
    'open: continued_as_new by start, running by continue_as_new',
    'terminated "Terminated: ordered twice" by anna@example.com: continued_as_new by start, terminated by continue_as_new',
  ],
  waitsForItsRetry: ['open: failed by start, running by retry'],
  runsByCron: [
    'terminated "Terminated: ordered twice" by anna@example.com: completed by start, completed by cron, terminated by cron',
  ],
  cancelAskedForBeforeItBegan: ['open, cancel asked for: running by start'],
  resetAfterItCompleted: [
    'completed "before": completed by start',
    'open: completed by start (an end), running by reset',
    'completed "after": completed by start (an end), completed by reset',
  ],
  resetWhileItRan: ['completed "after": terminated by start, completed by reset'],
  workflowIdUsedAgain: [
    'completed "done": continued_as_new by start, completed by continue_as_new',
    'open: running by start',
    'not found',
  ],
  registeredByItsSecondRun: ['completed "done": continued_as_new by start, completed by continue_as_new'],
  unknown: ['not found'],
  onlyFailsInActivity: ['open, activity_fails: running by start'],
  waitsForAWorker: ['open, workflow_task_waits: running by start'],
  wedged: ['open, wedged by "deployed by mistake": running by start'],
};

function say(resolution: Resolution): string {
  if (resolution.kind === 'not_found') return 'not found';
  const found = resolution.kind === 'open' ? resolution.open : resolution.outcome;
  const runs = found.runs.map(({ status, cause, wasEnd }) => `${status} by ${cause}${wasEnd ? ' (an end)' : ''}`);
  const cancel = found.cancelRequest ? ', cancel asked for' : '';
  if (resolution.kind === 'open') {
    const { wedged, troubles = [] } = resolution.open;
    const trouble = [...(wedged ? [`wedged by "${wedged.failure}"`] : []), ...troubles.map(({ kind }) => kind)];
    return `${['open', ...trouble].join(', ')}${cancel}: ${runs.join(', ')}`;
  }
  const { status, errorMessage, output, actor, input } = resolution.outcome;
  const result = JSON.stringify(status === 'completed' ? output : errorMessage);
  const by = actor ? ` by ${actor}` : '';
  const given = input ? ` given ${JSON.stringify(input.value)}` : '';
  return `${status} ${result}${by}${given}${cancel}: ${runs.join(', ')}`;
}

function read(scene: string): Recording {
  return JSON.parse(readFileSync(new URL(`fixtures/histories/${scene}.json`, import.meta.url), 'utf8'));
}

afterEach(() => {
  vi.useRealTimers();
});

describe.each(Object.entries(SAID))('%s', (scene, said) => {
  test('is what Temporal recorded of it, in the calls it takes and no other', async () => {
    const looks = read(scene);
    let calls = replayingCalls([]);
    const resolver = createResolver({ call: (make) => calls(make), converter: loadDataConverter() });
    const heard: string[] = [];
    for (const { at, target, calls: recorded, resolution } of looks) {
      vi.useFakeTimers({ now: new Date(at), toFake: ['Date'] });
      calls = replayingCalls(recorded);
      const found = await resolver.resolve(target);
      expect(JSON.parse(JSON.stringify(found))).toEqual(resolution);
      expect(calls.unused()).toEqual([]);
      heard.push(say(found));
    }
    expect(heard).toEqual(said);
  });
});
