import { describe, expect, test } from 'vitest';
import { NEW_EXECUTION } from './execution.ts';
import type { Explainable } from './explain-execution.ts';
import { explainExecution } from './explain-execution.ts';
import { CANCELLED } from './facts/status.ts';
import type { Step } from './timeline.ts';

const BEGAN = '2026-11-21T09:00:00+00:00';
const NOW = Date.parse(BEGAN) + 4_000;

/** An execution that runs; `given` says otherwise. */
const execution = (given: object = {}): Explainable =>
  ({
    ...NEW_EXECUTION,
    ...{ id: 'e', workflowId: 'w', createdBy: 'anna', engine: 'temporal', status: 'running', startedAt: BEGAN },
    ...{ transitions: [], reports: [], health: null },
    ...given,
  }) as Explainable;

const ended = (given: object) =>
  execution({ outcomeAuthority: 'engine', completedAt: BEGAN, durationMs: 900_000, ...given });

const transition = (toStatus: string, given: object = {}) => ({
  ...{ fromStatus: 'running', toStatus, source: 'feed', authority: 'engine', happenedAt: BEGAN, recordedAt: BEGAN },
  ...{ noticedAfterMs: 1_200, actor: null, reason: null, runId: 'r', ...given },
});

const step = (name: string, given: Partial<Step> = {}): Step => ({
  ...{ kind: 'activity', name, runId: 'r', status: 'completed', scheduledAt: BEGAN, startedAt: BEGAN },
  ...{ endedAt: BEGAN, attempts: 1, failure: null, ...given },
});

const sentence = (what: Explainable, steps: Step[] = []) => explainExecution(what, { steps }, NOW).sentence;

describe('one sentence, the cause first', () => {
  const declined = {
    ...{ type: 'ActivityFailure', message: 'Activity task failed', activityType: 'chargeCard', attempts: 3 },
    cause: { type: 'CardError', message: 'Card declined' },
  };
  const ada = { kind: 'user' as const, id: null, name: null };

  test.each<[string, Explainable, string, Step[]?]>([
    [
      'completed',
      ended({ status: 'completed', durationMs: 3_300, verdict: 'rejected' }),
      'Completed in 3.3 s: rejected.',
    ],
    ['failed', ended({ status: 'failed', failure: declined }), 'Card declined: chargeCard gave up after 3 attempts'],
    [
      'failed at once',
      ended({ status: 'failed', failure: { ...declined, attempts: 1 } }),
      'Card declined: chargeCard failed',
    ],
    [
      'cancelled without a reason',
      ended({ status: 'cancelled', cancelReason: CANCELLED, transitions: [transition('cancelled', { actor: ada })] }),
      'Cancelled by another user',
    ],
    ['reported', ended({ status: 'failed', failure: ['odd'], errorMessage: 'no money\nat all' }), 'no money'],
    [
      'timed out',
      ended({ status: 'timed_out' }),
      'Ran out of time after 15 min; fetchPage was under way (attempt 4)',
      [step('fetchPage', { status: 'abandoned', attempts: 4 })],
    ],
    [
      'terminated',
      ended({
        status: 'terminated',
        endReason: 'a duplicate',
        transitions: [transition('terminated', { actor: ada })],
      }),
      'Terminated by another user: a duplicate',
    ],
    [
      'cancelled by the reader',
      ended({
        ...{ status: 'cancelled', cancelReason: 'not needed any more' },
        transitions: [transition('cancelled', { actor: { kind: 'you', id: 'anna', name: 'Anna' } })],
      }),
      'Cancelled by you: not needed any more',
    ],
    [
      'running',
      execution(),
      'Running for 4 s; step 2, chargeCard.',
      [step('load'), step('chargeCard', { status: 'started' })],
    ],
    [
      'wedged: its code is no step that it is at',
      execution({ health: { health: 'wedged', reason: 'Its code throws.', remedy: null, checkedAt: BEGAN } }),
      'Running for 4 s. Its code throws.',
      [step('load'), step('workflow code', { kind: 'workflow_task', status: 'scheduled' })],
    ],
    [
      'late',
      execution({ health: { health: 'late', reason: 'It runs for 8 min.', remedy: 'wait', checkedAt: BEGAN } }),
      'Running for 4 s. It runs for 8 min.',
    ],
    [
      'pending, whoever reads it in whatever zone',
      execution({ status: 'pending', startBy: new Date(NOW + 2_400_000).toISOString() }),
      'Waits to be started, for 40 min more at most.',
    ],
    [
      'pending for too long',
      execution({ status: 'pending', startBy: BEGAN }),
      'Waits to be started; the time for that is over.',
    ],
  ])('%s', (_, what, expected, steps) => {
    expect(sentence(what, steps)).toBe(expected);
  });
});

test('evidence names the step, the transition and how late it was noticed, and a report that said something else', () => {
  const what = ended({
    ...{ status: 'failed', errorMessage: 'x', transitions: [transition('running'), transition('failed')] },
    reports: [{ reportedAt: BEGAN, status: 'completed', actor: null, result: 'applied' }],
  });
  const steps = [
    step('load'),
    step('charge', { status: 'failed', attempts: 3, failure: { type: 'E', message: 'no' } }),
  ];
  expect(explainExecution(what, { steps }, NOW).evidence).toMatchObject([
    { kind: 'step', index: 1, text: 'charge: failed after 3 attempts: no' },
    {
      ...{ kind: 'transition', index: 1 },
      text: 'Recorded as failed, from the closure feed, 1.2 s after it happened; Temporal says so.',
    },
    { kind: 'report', index: 0, text: 'It was reported as completed.' },
  ]);
});
