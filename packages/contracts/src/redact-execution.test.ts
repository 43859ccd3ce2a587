import { describe, expect, test } from 'vitest';
import type { Execution } from './execution.ts';
import { NEW_EXECUTION } from './execution.ts';
import type { ExecutionDetails } from './execution-details.ts';
import type { Json } from './json.ts';
import { quoteFailure } from './quoted-failure.ts';
import {
  redactDetails,
  redactExecution,
  redactHealth,
  redactPayloads,
  redactProgress,
  redactRow,
  redactTimeline,
} from './redact-execution.ts';
import type { Step } from './timeline.ts';

const SECRET = 's3cret';
const HIDDEN = '[redacted]';
const CAUSE = { type: 'CardError', message: SECRET, stack: SECRET, details: [{ card: SECRET }], attempts: 3 };
const FAILURE = { ...CAUSE, activityType: 'charge', cause: CAUSE };

const failed = (failure: Json, errorMessage = SECRET) =>
  ({ ...NEW_EXECUTION, id: 'e', errorMessage, failure }) as unknown as Execution;

describe('a failure', () => {
  test.each(['/failure', '/failure/message', '/failure/*', '/failure/cause/message'])(
    'is told by its kind alone where %s is redacted, with all its causes',
    (pointer) => {
      const { failure, errorMessage } = redactExecution(failed(FAILURE), [pointer]);
      const kind = { type: 'CardError', message: HIDDEN, attempts: 3 };
      expect({ failure, errorMessage }).toEqual({
        ...{ errorMessage: HIDDEN, failure: { ...kind, activityType: 'charge', cause: kind } },
      });
    },
  );

  test('keeps its message where only its details or its stack are redacted', () => {
    const { failure, errorMessage } = redactExecution(failed(FAILURE), ['/failure/details/card', '/failure/stack']);
    expect(errorMessage).toBe(SECRET);
    expect(failure).toMatchObject({
      ...{ message: SECRET, stack: HIDDEN, details: [{ card: HIDDEN }] },
      cause: { message: SECRET, stack: HIDDEN, details: [{ card: HIDDEN }] },
    });
  });

  test('that was reported in another form is redacted whole, and so is a message that is the error as JSON', () => {
    const reported = { code: 7, body: SECRET };
    expect(redactExecution(failed(reported), ['/failure/body'])).toMatchObject({
      failure: HIDDEN,
      errorMessage: HIDDEN,
    });
    const asJson = JSON.stringify({ details: [SECRET] });
    expect(redactRow(failed(null, asJson), ['/failure/details']).errorMessage).toBe(HIDDEN);
    expect(redactExecution(failed(SECRET), ['/failure/details']).failure).toBe(HIDDEN);
  });

  test('is redacted where a program gave it as the reason of an end, and not where somebody says why they ended it', () => {
    const stopped = { ...failed(null), endReason: SECRET, outcomeAuthority: 'reported' as const } as Execution;
    expect(redactRow(stopped, ['/failure']).endReason).toBe(HIDDEN);
    expect(redactRow(stopped, ['/input']).endReason).toBe(SECRET);
    const terminated = { ...stopped, endReason: 'ordered twice', outcomeAuthority: 'engine' as const } as Execution;
    expect(redactRow(terminated, ['/failure']).endReason).toBe('ordered twice');
    // Temporal’s word for the same error.
    expect(redactRow({ ...terminated, endReason: SECRET }, ['/failure']).endReason).toBe(HIDDEN);
    const by = (source: string, authority: string) => ({ source, authority, toStatus: 'timed_out', reason: SECRET });
    const transitions = [by('report', 'reported'), by('user', 'reported'), by('feed', 'engine')];
    const details = { ...stopped, transitions, runs: [], health: null, progress: null } as unknown as ExecutionDetails;
    expect(redactDetails(details, ['/failure']).transitions.map(({ reason }) => reason)).toEqual([
      HIDDEN,
      SECRET,
      SECRET,
    ]);
  });

  test('is redacted in steps too', () => {
    const step = { name: 'charge', failure: FAILURE } as unknown as Step;
    expect(JSON.stringify(redactTimeline({ steps: [step] }, ['/failure']))).not.toContain(SECRET);
    expect(redactTimeline({ steps: [step] }, ['/input']).steps[0]).toBe(step);
    const [done] = redactTimeline({ steps: [{ name: 'pack' } as unknown as Step] }, ['/failure']).steps;
    expect(done).toEqual({ name: 'pack' });
  });

  test('is not quoted by what is wrong with an execution', () => {
    const reason = quoteFailure('Its activity charge has failed 3 times', SECRET);
    const health = { health: 'late' as const, reason, remedy: null, checkedAt: null };
    expect(redactHealth(health, ['/failure']).reason).toBe(
      'Its activity charge has failed 3 times, the last time with: [redacted]',
    );
    expect(redactHealth(health, ['/failure/details']).reason).toBe(reason);
  });
});

test('payloads that were read are redacted, and others are not made up', () => {
  const [input, output] = [{ card: SECRET }, [SECRET]];
  expect(redactPayloads({ input, output }, ['/input/card', '/output'])).toEqual({
    input: { card: HIDDEN },
    output: HIDDEN,
  });
  expect(redactPayloads({ input }, ['/input/card', '/output'])).toEqual({ input: { card: HIDDEN } });
  expect(redactPayloads({}, ['/input'])).toEqual({});
});

test('the sentence of progress is redacted, in steps too, and how far it has got is not', () => {
  const progress = { step: 2, of: 5, percent: 40, message: SECRET } as unknown as Parameters<typeof redactProgress>[0];
  expect(redactProgress(progress, ['/progress'])).toEqual({ ...progress, message: HIDDEN });
  expect(redactProgress(progress, ['/input'])).toBe(progress);
  const silent = { ...progress, message: null };
  expect(redactProgress(silent, ['/progress'])).toEqual(silent);
  const steps = [{ name: 'charge', summary: SECRET, failure: FAILURE }, { name: 'pack' }] as unknown as Step[];
  expect(redactTimeline({ steps }, ['/progress']).steps).toEqual([{ ...steps[0], summary: HIDDEN }, { name: 'pack' }]);
});

test('an execution that did not fail has nothing made up', () => {
  expect(redactExecution(failed(null, null as unknown as string), ['/failure'])).toMatchObject({
    failure: null,
    errorMessage: null,
  });
});

test('metadata stays a record', () => {
  const row = { errorMessage: null, metadata: { note: SECRET, kept: 1 } };
  expect(redactRow(row, ['/metadata']).metadata).toEqual({ note: HIDDEN, kept: HIDDEN });
  expect(redactRow(row, ['/metadata/note']).metadata).toEqual({ note: HIDDEN, kept: 1 });
});
