import { ExecutionError } from '@runledger/contracts';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { openRun, unsettled } from '../fixtures/rows.ts';
import { LIVE } from '../health/health.ts';
import type { Settled } from '../settle/settler.ts';
import { createPassBook } from './reconcile-guard.ts';

const live: Settled = { kind: 'open', applied: false, open: openRun(), standing: LIVE, brought: [] };
const lost: Settled = { kind: 'unknown', standing: { health: 'lost', reason: 'unknown to Temporal', remedy: null } };

/** Was seen alive before. */
const row = (n: number) => unsettled({ executionId: `e${n}`, health: 'live' });

function openBook() {
  const alarms: unknown[] = [];
  const logger = pino({ level: 'error' }, { write: (line: string) => alarms.push(JSON.parse(line)) });
  return { alarms, book: createPassBook({ logger }) };
}

/** The health of every row after a pass in which `unknown` of `total` were not found. */
function pass(total: number, unknown: number) {
  const { alarms, book } = openBook();
  for (let n = 0; n < total; n += 1) book.note(row(n), n < unknown ? lost : live, 1_000);
  const healths = book.takeChecks().map((check) => check.health);
  return {
    alarms,
    alarm: book.alarm,
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
    const { alarms, book } = openBook();
    for (const found of [lost, lost, live]) {
      for (let n = 0; n < 30; n += 1) book.note(row(n), found, 1_000);
      book.takeChecks();
    }
    expect([alarms.length, book.alarm]).toEqual([1, null]);
  });

  test('do not alarm where they were known to be lost before', () => {
    const { book } = openBook();
    for (let n = 0; n < 30; n += 1) book.note({ ...row(n), health: 'lost' }, lost, 1_000);
    expect([book.takeChecks().length, book.alarm]).toEqual([30, null]);
  });

  test('do not alarm where this ledger never saw them alive in this engine, as after an import', () => {
    const { book } = openBook();
    for (let n = 0; n < 30; n += 1) book.note({ ...row(n), health: null }, lost, 1_000);
    expect(book.takeChecks().map(({ health }) => health)).toEqual(Array(30).fill('lost'));
    expect(book.alarm).toBeNull();
  });

  test('are judged over all looks, not page by page, and an alarm that the others refute ends', () => {
    const { alarms, book } = openBook();
    const take = (from: number, to: number, found: Settled) => {
      for (let n = from; n < to; n += 1) book.note(row(n), found, 1_000);
      return book.takeChecks().map(({ health }) => health);
    };
    // A backup from yesterday lacks thirty of two hundred, and they are asked about first.
    expect(take(0, 30, lost)).toEqual(Array(30).fill('live'));
    expect(book.alarm).not.toBeNull();
    take(30, 200, live);
    expect(book.alarm).toBeNull();
    expect(take(0, 30, lost)).toEqual(Array(30).fill('lost'));
    expect(alarms).toHaveLength(1);
  });

  test('end the alarm once somebody has noted them as lost; it says how', () => {
    const { book } = openBook();
    for (let n = 0; n < 30; n += 1) book.note(row(n), lost, 1_000);
    book.takeChecks();
    expect(book.alarm).toContain('runledger reconcile --accept-lost');
    for (let n = 0; n < 30; n += 1) book.note({ ...row(n), health: 'lost' }, lost, 1_000);
    expect(book.takeChecks().map(({ health }) => health)).toEqual(Array(30).fill('lost'));
    expect(book.alarm).toBeNull();
  });
});

test('what could not be repaired diverges, until it was looked at without a fault', () => {
  const { book } = openBook();
  book.noteFault(row(1), new ExecutionError('conflict', 'another run'), 1_000);
  book.noteFault(row(1), new ExecutionError('conflict', 'another run'), 1_000);
  book.noteFault(row(2), new ExecutionError('conflict', 'another run'), 1_000);
  const all = () => true;
  expect(book.diverging(all)).toBe(2);
  expect(book.takeChecks()).toContainEqual(
    expect.objectContaining({ executionId: 'e1', health: 'late', reason: 'another run' }),
  );
  book.note(row(1), live, 1_000);
  book.note(row(2), { kind: 'ended', applied: true, outcome: null, revision: 2, brought: ['runs'] }, 1_000);
  expect(book.diverging(all)).toBe(0);
  expect(book.broughtParts()).toMatchObject({ runs: 1, 'first task': 0 });
});

test('what diverged and was settled by another hint, or deleted, diverges no more', () => {
  const { book } = openBook();
  book.noteFault(row(1), new Error('another run'), 1_000);
  book.noteFault(row(2), new Error('another run'), 1_000);
  expect(book.diverging((id) => id === 'e2')).toBe(1);
  expect(book.diverging(() => true)).toBe(1);
});
