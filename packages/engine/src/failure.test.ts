import { causesOf } from '@runledger/contracts';
import { describe, expect, test } from 'vitest';
import type { ProtoFailure } from './failure.ts';
import { failingActivity, toFailure } from './failure.ts';
import { cancelledSentence, failureSentence, terminatedSentence, timedOutSentence } from './failure-sentence.ts';

const application = (message: string, type: string, more: ProtoFailure = {}): ProtoFailure => ({
  message,
  applicationFailureInfo: { type },
  ...more,
});
const activity = (cause: ProtoFailure, retryState = 4): ProtoFailure => ({
  message: 'Activity task failed',
  activityFailureInfo: { activityType: { name: 'chargeCard' }, retryState },
  cause,
});
const child = (cause: ProtoFailure): ProtoFailure => ({
  message: 'Child Workflow execution failed',
  childWorkflowExecutionFailureInfo: { workflowType: { name: 'shipOrder' } },
  cause,
});

describe('one sentence says what went wrong', () => {
  const sentence = (failure: ProtoFailure, attempts: number | null = null) =>
    failureSentence(toFailure(failure, attempts));

  test.each([
    ['a thrown error', application('boom', 'Error'), null, 'boom'],
    ['a typed error', application('no stock', 'StockError'), null, 'no stock (StockError)'],
    ['a type of the user that ends in Failure', application('late', 'DeliveryFailure'), null, 'late (DeliveryFailure)'],
    ['an error without a message', application('', 'StockError'), null, 'StockError'],
    [
      'an activity, tried three times',
      activity(application('card declined', 'CardError')),
      3,
      'chargeCard activity failed 3 times: card declined (CardError)',
    ],
    [
      'an activity, tried once',
      activity(application('card declined', 'CardError')),
      1,
      'chargeCard activity failed: card declined (CardError)',
    ],
    [
      'an activity that timed out',
      activity({ message: 'activity StartToClose timeout', timeoutFailureInfo: { timeoutType: 1 } }),
      2,
      'chargeCard activity failed 2 times: start-to-close timeout',
    ],
    [
      'a child workflow',
      child(activity(application('card declined', 'CardError'))),
      null,
      'shipOrder child workflow failed: chargeCard activity failed: card declined (CardError)',
    ],
    ['a failure of the server', { message: 'history too large', serverFailureInfo: {} }, null, 'history too large'],
    ['nothing at all', {}, null, 'no message was given'],
  ])('%s', (_, failure, attempts, expected) => {
    expect(sentence(failure as ProtoFailure, attempts as number | null)).toBe(expected);
  });

  test.each([
    [
      'what wrapped an error',
      application('order failed', 'OrderError', { cause: application('card declined', 'CardError') }),
      'order failed (OrderError): card declined (CardError)',
    ],
    [
      'wrappers in between',
      application('a', 'A', { cause: application('b', 'B', { cause: application('c', 'C') }) }),
      'a (A): c (C)',
    ],
    [
      'a wrapper that repeats it',
      application('order failed: card declined (CardError)', 'Error', {
        cause: application('card declined', 'CardError'),
      }),
      'order failed: card declined (CardError)',
    ],
    [
      'a wrapper around an activity',
      application('order failed', 'Error', { cause: activity(application('card declined', 'CardError')) }),
      'order failed: chargeCard activity failed: card declined (CardError)',
    ],
    [
      'a wrapper inside an activity',
      activity(application('http', 'Error', { cause: application('connection reset', 'ECONNRESET') })),
      'chargeCard activity failed: http: connection reset (ECONNRESET)',
    ],
  ])('the innermost cause is named beside %s', (_, failure, expected) => {
    expect(sentence(failure as ProtoFailure)).toBe(expected);
  });

  test('an end that somebody caused gives the reason, and names nobody', () => {
    expect(terminatedSentence('runaway')).toBe('Terminated: runaway');
    expect(terminatedSentence(null)).toBe('Terminated');
    expect(cancelledSentence(null)).toBe('Cancelled');
    expect(timedOutSentence('run', '2s', 1)).toBe('Timed out: the run timeout of 2s passed');
    expect(timedOutSentence('execution', null, 3)).toBe('Timed out in attempt 3: the execution timeout passed');
  });
});

describe('a failure is kept in bounds', () => {
  test.each([[11], [40], [9_000]])('of %d causes ten: the outermost and the root among them', (length) => {
    let failure = application('root', 'RootError');
    for (let depth = 1; depth < length; depth += 1) failure = application(`cause ${depth}`, 'E', { cause: failure });
    const kept = causesOf(toFailure(failure), ({ cause }) => cause);
    expect(kept).toHaveLength(10);
    expect(kept[0]?.message).toBe(`cause ${length - 1}`);
    expect(kept.at(-1)).toMatchObject({ message: 'root', type: 'RootError' });
    expect(kept.flatMap(({ omittedCauses }) => omittedCauses ?? [])).toEqual([length - 10]);
  });

  test('messages of 4,000 and stacks of 16,000 characters', () => {
    const failure = toFailure(application('m'.repeat(100_000), 'E', { stackTrace: 's'.repeat(100_000) }));
    expect(failure.message).toHaveLength(4_000);
    expect(failure.stack).toHaveLength(16_000);
    expect(failureSentence(failure)).toHaveLength(4_000);
  });

  test('characters that Postgres cannot store are replaced everywhere', () => {
    const failure = toFailure(application('a\u0000b', 'T\u0000', { stackTrace: '\ud800' }));
    expect(failure).toMatchObject({ message: 'a\uFFFDb', type: 'T\uFFFD', stack: '\uFFFD' });
  });

  test('the reason why it was not retried is named, one of a future server by its number', () => {
    expect(toFailure(activity(application('x', 'E'), 4)).retryState).toBe('MAXIMUM_ATTEMPTS_REACHED');
    expect(toFailure(activity(application('x', 'E'), 99)).retryState).toBe('99');
  });
});

test('attempts belong to the activity of this workflow, not to one inside a child', () => {
  expect(failingActivity(activity(application('x', 'E')))?.activityType?.name).toBe('chargeCard');
  expect(failingActivity(application('wrapped', 'E', { cause: activity({}) }))?.activityType?.name).toBe('chargeCard');
  expect(failingActivity(child(activity({})))).toBeNull();
  const wrapped = toFailure(application('wrapped', 'E', { cause: activity({}) }), 5);
  expect(wrapped.cause?.attempts).toBe(5);
  const nested = toFailure(activity(activity(application('x', 'E'))), 5);
  expect([nested.attempts, nested.cause?.attempts]).toEqual([5, null]);
});
