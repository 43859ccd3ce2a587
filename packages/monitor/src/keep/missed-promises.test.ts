import type { ChangeFeedBlocker } from '@runledger/contracts';
import { describe, expect, test } from 'vitest';
import { missedPromises } from './missed-promises.ts';
import { createPeriodReached } from './period-reached.ts';

const kept = {
  periodMs: 300_000,
  periodReachedMs: 310_000,
  timelines: { pending: 3, oldestAgeMs: 2_000 },
  changeFeedHeldBy: null,
};
const session: ChangeFeedBlocker = {
  kind: 'session',
  pid: 4711,
  application: 'nightly report',
  database: 'shop',
  state: 'idle in transaction',
  gid: null,
  since: '2026-11-21T09:00:00Z',
  waitingMs: 5_000,
};

describe('a promise that is missed is named with figures', () => {
  test('none while all are kept, and where there is nothing to check', () => {
    expect(missedPromises(kept)).toEqual([]);
    expect(missedPromises({ ...kept, periodReachedMs: null, timelines: { pending: 0, oldestAgeMs: null } })).toEqual(
      [],
    );
  });

  test('the period that is reached instead of the configured one', () => {
    expect(missedPromises({ ...kept, periodReachedMs: 2_460_000 })).toEqual([
      expect.stringContaining('every 41 min instead of every 5 min'),
    ]);
  });

  test('the backlog of timelines, and the age of the oldest', () => {
    expect(missedPromises({ ...kept, timelines: { pending: 1_204, oldestAgeMs: 7_200_000 } })).toEqual([
      expect.stringMatching(/^The steps of 1,204 ended executions .* the oldest waits for 2 h/),
    ]);
    const [sentence] = missedPromises({ ...kept, timelines: { pending: 10_000, oldestAgeMs: 7_200_000 } });
    expect(sentence).toContain('at least 10,000');
  });

  test('who holds up the feed of changes, since when, and how to end it', () => {
    const [held] = missedPromises({ ...kept, changeFeedHeldBy: session });
    expect(held).toMatch(
      /session 4711 \(idle in transaction, nightly report\) in the database shop, open since 2026-11-21 09:00:00/,
    );
    expect(held).toContain('pg_terminate_backend(4711)');
    const prepared = { ...session, kind: 'prepared', pid: null, gid: 'transfer-7' } as const;
    expect(missedPromises({ ...kept, changeFeedHeldBy: prepared })[0]).toContain(`rollback prepared 'transfer-7'`);
    const unknown = { ...session, kind: 'unknown', pid: null } as const;
    expect(missedPromises({ ...kept, changeFeedHeldBy: unknown })[0]).toContain('pg_read_all_stats');
  });
});

test('the period reached is the oldest that a check became within the latest period', () => {
  const reached = createPeriodReached(1_000);
  const see = (now: number, oldestCheckAgeMs: number | null, oldestUncheckedAgeMs: number | null = null) =>
    reached.see({ oldestCheckAgeMs, oldestUncheckedAgeMs }, now);
  expect(see(0, null)).toBeNull();
  expect(see(100, 700)).toBe(700);
  // The oldest had its turn; that it waited so long is still so.
  expect(see(600, 200)).toBe(700);
  expect(see(1_200, 300)).toBe(300);
  expect(see(1_300, 100, 900)).toBe(900);
  expect(see(9_000, null)).toBeNull();
});
