import { describe, expect, test } from 'vitest';
import type { Clock } from './clock.ts';
import { tookOf, userLabel, whyOf } from './row-words.ts';
import type { ListedExecution } from './status.tsx';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const ME = { id: 'ada-1', email: 'ada@example.com' };
const clock = { shortOf: (at: string) => at.slice(11, 16) } as Clock;

const running = {
  ...{ status: 'running', createdBy: 'grace-1', userName: 'grace', errorMessage: null, verdict: null },
  ...{ health: null, reason: null, remedy: null, expectedBy: null, cancelRequestedAt: null, cancelRequestedBy: null },
  ...{ cancelReason: null, endedBy: null, endReason: null, startBy: null, startedAt: '2026-11-21T11:00:00Z' },
};
const why = (more: object) => whyOf({ ...running, ...more } as ListedExecution, clock, NOW, ME)?.text ?? null;

describe('a row says', () => {
  test('of one that is late by when it should have ended, and how long ago that was', () => {
    expect(why({ health: 'late', expectedBy: '2026-11-21T11:52:00Z', reason: 'slow' })).toMatch(
      /^Expected by 11:52; 8 min over/,
    );
    expect(why({ expectedBy: '2026-11-21T12:10:00Z' })).toBe('Expected by 12:10');
  });

  test('of one that nobody follows the same: when it was expected is not told as if that were to come', () => {
    expect(why({ health: null, expectedBy: '2026-11-21T11:52:00Z' })).toBe(
      'Expected by 11:52; 8 min over what 99 of 100 take',
    );
    expect(why({ health: 'wedged', reason: 'It throws', expectedBy: '2026-11-21T11:52:00Z' })).toBe('It throws');
    expect(why({ health: 'late', reason: 'It waits' })).toBe('It waits');
  });

  test('what is the matter before what to do about it, in one line', () => {
    expect(why({ health: 'wedged', reason: 'It throws\nat work', remedy: 'Deploy' })).toBe('It throws');
    expect(why({ health: 'lost', remedy: 'Record its end' })).toBe('Record its end');
    expect(why({ cancelRequestedAt: '2026-11-21T11:58:00Z' })).toBe('Asked to stop at 11:58');
    expect(why({})).toBeNull();
  });

  test('who stopped it and why; who others are is not for everybody', () => {
    const stopped = { status: 'terminated', endReason: 'a duplicate\nof 8831' };
    expect(why({ ...stopped, endedBy: 'ada-1' })).toBe('Terminated by you: a duplicate');
    expect(why({ ...stopped, endedBy: 'grace-1' })).toBe('Terminated by grace: a duplicate');
    expect(why({ ...stopped, endedBy: 'linus-1' })).toBe('Terminated by somebody else: a duplicate');
    expect(why({ status: 'cancelled', cancelRequestedBy: 'ada-1', cancelReason: 'too late' })).toBe(
      'Cancelled by you: too late',
    );
  });

  test('until when it waits to be started', () => {
    expect(why({ status: 'pending', startBy: '2026-11-21T12:40:00Z' })).toBe('Waits to be started until 12:40');
  });
});

test('what nobody has a name for is called by the end of its id', () => {
  expect(userLabel({ userName: null, createdBy: 'b3c1-9f41' }, ME)).toBe('…9f41');
  expect(userLabel({ userName: null, createdBy: 'ada-1' }, ME)).toBe('ada');
});

test('run time goes on from the engine’s start, and is not known of what was not started', () => {
  const run = { durationMs: null, startedAt: '2026-11-21T11:00:00Z', engineStartedAt: '2026-11-21T11:59:00Z' };
  expect(tookOf({ ...run, status: 'running' }, NOW)).toBe(60_000);
  expect(tookOf({ ...run, status: 'pending', engineStartedAt: null }, NOW)).toBeNull();
});
