import { loadDataConverter } from '@temporalio/common/lib/internal-non-workflow/index.js';
import { describe, expect, test } from 'vitest';
import { readDescribedRun } from './described-run.ts';
import type { EndingInput } from './outcome.ts';
import { describeEnding } from './outcome.ts';
import type { RunEnd } from './run-end.ts';

const CLOSED_AT = '2026-11-21T09:00:10.000000Z';
const RUN = { ...readDescribedRun({}), closedAt: CLOSED_AT };

const input = (more: Partial<EndingInput> = {}): EndingInput => ({
  run: RUN,
  end: null,
  attempt: 1,
  converter: loadDataConverter(),
  lastEvents: async () => [],
  cancelRequest: async () => null,
  ...more,
});

const failed = (failure: RunEnd['failure']): RunEnd => ({
  status: 'failed',
  closedAt: CLOSED_AT,
  newRunId: null,
  result: null,
  failure,
  retryState: null,
  identity: null,
  reason: null,
});

describe('which time-out struck', () => {
  const timeouts = { executionTimeout: '1m', runTimeout: '10s' };
  const messageWith = async (expiresAt: string | null) =>
    (await describeEnding.timed_out(input({ run: { ...RUN, ...timeouts, expiresAt } }))).errorMessage;

  test('is that of the execution from the very moment on at which it expires', async () => {
    expect(await messageWith(CLOSED_AT)).toMatch(/execution.*1m/i);
    expect(await messageWith('2026-11-21T09:00:09.999999Z')).toMatch(/execution.*1m/i);
  });

  test('is that of the run before then, and where there is no other', async () => {
    expect(await messageWith('2026-11-21T09:00:10.000001Z')).toMatch(/run.*10s/i);
    expect(await messageWith(null)).toMatch(/run.*10s/i);
  });
});

describe('how often was tried what failed', () => {
  const cause = { message: 'card declined', applicationFailureInfo: { type: 'CardDeclined' } };
  const events = [{ eventId: 7 as never, activityTaskStartedEventAttributes: { attempt: 3 } }];
  const lastEvents = async () => events;

  test('is the number of the activity where that failed, though the workflow was tried again too', async () => {
    const end = failed({
      cause,
      activityFailureInfo: { activityType: { name: 'charge' }, startedEventId: 7 as never },
    });
    const { failure } = await describeEnding.failed(input({ end, attempt: 2, lastEvents }));
    expect(failure).toMatchObject({ activityType: 'charge', attempts: 3 });
  });

  test('is the number of the workflow where its own code failed, told from its second try on', async () => {
    const end = failed(cause);
    expect((await describeEnding.failed(input({ end, attempt: 2 }))).failure).toMatchObject({ attempts: 2 });
    expect((await describeEnding.failed(input({ end }))).failure).not.toHaveProperty('attempts');
  });
});
