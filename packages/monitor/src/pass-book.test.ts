import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { openRun, unsettled } from './fixtures/rows.ts';
import { createPassBook } from './pass-book.ts';
import type { Settled } from './settler.ts';

const live: Settled = { kind: 'open', applied: false, open: openRun(), standing: { health: 'live', reason: null } };
const lost: Settled = { kind: 'unknown', standing: { health: 'lost', reason: 'unknown to Temporal' } };
const ended = (applied: boolean): Settled => ({ kind: 'ended', applied, closedAt: '2026-11-21T09:00:01Z' });

const row = (n: number) => unsettled({ executionId: `e${n}`, startedAt: '2026-11-21T09:00:00+00:00' });

/** The health of every row after a pass in which `unknown` of `total` were not found. */
function pass(total: number, unknown: number) {
  const alarms: unknown[] = [];
  const logger = pino({ level: 'error' }, { write: (line: string) => alarms.push(JSON.parse(line)) });
  const book = createPassBook({ logger, nextCheckInMs: 1_000 });
  for (let n = 0; n < total; n += 1) book.note(row(n), n < unknown ? lost : live);
  const healths = book.takeChecks().map((check) => check.health);
  return { alarms, lost: healths.filter((health) => health === 'lost').length, checks: healths.length };
}

describe('executions that Temporal does not know', () => {
  test('are flagged as lost when they are few', () => {
    expect(pass(40, 20)).toMatchObject({ lost: 20, checks: 40, alarms: [] });
    expect(pass(19, 19)).toMatchObject({ lost: 19, checks: 19, alarms: [] });
  });

  test('are not flagged when they are most of many, which is an alarm instead', () => {
    const { alarms, ...rest } = pass(40, 21);
    expect(rest).toEqual({ lost: 0, checks: 40 });
    expect(alarms).toEqual([expect.objectContaining({ msg: expect.stringContaining('ALARM'), unknown: 21 })]);
  });
});

describe('the proof', () => {
  const book = () => createPassBook({ logger: pino({ level: 'silent' }), nextCheckInMs: 1_000 });
  const tracked = (...rows: ReturnType<typeof row>[]) =>
    new Map(rows.map((item) => [item.executionId, { row: item, readAt: 0 }]));

  test('counts what was repaired since the last one', () => {
    const passes = book();
    passes.note(row(1), ended(true));
    passes.note(row(2), ended(false));
    passes.note(row(3), { ...live, applied: true });
    passes.note({ ...row(4), status: 'pending' }, { ...live, applied: true });
    expect(passes.proof(new Map(), 12)).toMatchObject({
      diverged: 2,
      unsettled: 0,
      oldestCheckAt: null,
      worstLagMs: 12,
    });
    expect(passes.proof(new Map(), null)).toMatchObject({ diverged: 0, worstLagMs: null });
  });

  test('names the oldest check; what was never checked counts from its start', () => {
    const passes = book();
    passes.note(row(1), live);
    const checked = { ...row(2), lastCheckAt: '2026-11-21T08:00:00+00:00' };
    expect(passes.proof(tracked(row(1), checked), null).oldestCheckAt).toBe('2026-11-21T08:00:00+00:00');
    expect(passes.proof(tracked(row(1), row(3)), null).oldestCheckAt).toBe('2026-11-21T09:00:00+00:00');
  });
});
