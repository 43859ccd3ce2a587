import { ExecutionError } from '@runledger/contracts';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { openRun, unsettled } from '../fixtures/rows.ts';
import { LIVE } from '../health/diagnosis.ts';
import type { Settled } from '../settle/settle.ts';
import { createReconcileGuard } from './reconcile-guard.ts';

const live: Settled = { kind: 'open', applied: false, open: openRun(), diagnosis: LIVE, brought: [] };
const lost: Settled = { kind: 'unknown', diagnosis: { health: 'lost', reason: 'unknown to Temporal', remedy: null } };

/** Was seen alive before. */
const row = (n: number) => unsettled({ executionId: `e${n}`, health: 'live' });

function openGuard() {
  const alarms: unknown[] = [];
  const logger = pino({ level: 'error' }, { write: (line: string) => alarms.push(JSON.parse(line)) });
  return { alarms, guard: createReconcileGuard({ logger }) };
}

/** The health of every row after a pass in which `unknown` of `total` were not found. */
function pass(total: number, unknown: number) {
  const { alarms, guard } = openGuard();
  for (let n = 0; n < total; n += 1) guard.note(row(n), n < unknown ? lost : live, 1_000);
  const healths = guard.takeChecks().map((check) => check.health);
  return {
    alarms,
    alarm: guard.alarm,
    lost: healths.filter((health) => health === 'lost').length,
    checks: healths.length,
  };
}

describe('executions that Temporal does not know', () => {
  test('are flagged as lost when they are few', () => {
    expect(pass(40, 20)).toMatchObject({ lost: 20, checks: 40, alarms: [], alarm: null });
    expect(pass(19, 19)).toMatchObject({ lost: 19, checks: 19, alarms: [], alarm: null });
  });

  test('keep their health when they are most of many, which is an alarm instead; all count as looked at', () => {
    const { alarms, alarm, ...rest } = pass(40, 21);
    expect(rest).toEqual({ lost: 0, checks: 40 });
    expect(alarm).toMatch(/right server and namespace/);
    expect(alarms).toEqual([expect.objectContaining({ msg: expect.stringContaining('ALARM'), unknown: 21 })]);
  });

  test('alarm once, until Temporal knows them again', () => {
    const { alarms, guard } = openGuard();
    for (const found of [lost, lost, live]) {
      for (let n = 0; n < 30; n += 1) guard.note(row(n), found, 1_000);
      guard.takeChecks();
    }
    expect([alarms.length, guard.alarm]).toEqual([1, null]);
  });

  test('do not alarm where they were known to be lost before', () => {
    const { guard } = openGuard();
    for (let n = 0; n < 30; n += 1) guard.note({ ...row(n), health: 'lost' }, lost, 1_000);
    expect([guard.takeChecks().length, guard.alarm]).toEqual([30, null]);
  });

  test('do not alarm where this ledger never saw them alive in this engine, as after an import', () => {
    const { guard } = openGuard();
    for (let n = 0; n < 30; n += 1) guard.note({ ...row(n), health: null }, lost, 1_000);
    expect(guard.takeChecks().map(({ health }) => health)).toEqual(Array(30).fill('lost'));
    expect(guard.alarm).toBeNull();
  });

  test('are judged over all looks, not page by page, and an alarm that the others refute ends', () => {
    const { alarms, guard } = openGuard();
    const take = (from: number, to: number, found: Settled) => {
      for (let n = from; n < to; n += 1) guard.note(row(n), found, 1_000);
      return guard.takeChecks().map(({ health }) => health);
    };
    // A backup from yesterday lacks thirty of two hundred, and they are asked about first.
    expect(take(0, 30, lost)).toEqual(Array(30).fill('live'));
    expect(guard.alarm).not.toBeNull();
    take(30, 200, live);
    expect(guard.alarm).toBeNull();
    expect(take(0, 30, lost)).toEqual(Array(30).fill('lost'));
    expect(alarms).toHaveLength(1);
  });

  test('end the alarm once somebody has noted them as lost; it says how', () => {
    const { guard } = openGuard();
    for (let n = 0; n < 30; n += 1) guard.note(row(n), lost, 1_000);
    guard.takeChecks();
    expect(guard.alarm).toContain('runledger reconcile --accept-lost');
    for (let n = 0; n < 30; n += 1) guard.note({ ...row(n), health: 'lost' }, lost, 1_000);
    expect(guard.takeChecks().map(({ health }) => health)).toEqual(Array(30).fill('lost'));
    expect(guard.alarm).toBeNull();
  });
});

test('what could not be repaired diverges, until it was looked at without a fault', () => {
  const { guard } = openGuard();
  guard.noteFault(row(1), new ExecutionError('conflict', 'another run'), 1_000);
  guard.noteFault(row(1), new ExecutionError('conflict', 'another run'), 1_000);
  guard.noteFault(row(2), new ExecutionError('conflict', 'another run'), 1_000);
  const all = () => true;
  expect(guard.diverging(all)).toBe(2);
  expect(guard.takeChecks()).toContainEqual(
    expect.objectContaining({ executionId: 'e1', health: 'late', reason: 'another run' }),
  );
  guard.note(row(1), live, 1_000);
  guard.note(row(2), { kind: 'ended', applied: true, outcome: null, revision: 2, brought: ['runs'] }, 1_000);
  expect(guard.diverging(all)).toBe(0);
  expect(guard.broughtParts()).toMatchObject({ runs: 1, 'first task': 0 });
});

test('what diverged and was settled by another hint, or deleted, diverges no more', () => {
  const { guard } = openGuard();
  guard.noteFault(row(1), new Error('another run'), 1_000);
  guard.noteFault(row(2), new Error('another run'), 1_000);
  expect(guard.diverging((id) => id === 'e2')).toBe(1);
  expect(guard.diverging(() => true)).toBe(1);
});
