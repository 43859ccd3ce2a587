import type { Resolution, UnsettledExecution } from '@runledger/contracts';
import { describe, expect, test } from 'vitest';
import { completedOutcome, openRun, unsettled } from '../fixtures/rows.ts';
import { diagnose } from '../health/health.ts';
import { NEVER_STARTED_AFTER_MS, settlementOf } from './settlement.ts';

const OPTIONS = { reportGraceMs: 10_000 };
const CLOSED: Resolution = { kind: 'closed', outcome: completedOutcome() };
const OPEN: Resolution = { kind: 'open', open: openRun() };
const NOT_FOUND: Resolution = { kind: 'not_found', reason: 'Temporal knows no workflow order-1' };

const reported = (forMs: number, more: Partial<UnsettledExecution> = {}) =>
  unsettled({ status: 'failed', reportedAt: '2026-11-21T09:00:01+00:00', reportedForMs: forMs, revision: 7, ...more });
const look = (row: UnsettledExecution, resolution: Resolution) => {
  const settlement = settlementOf(row, resolution, OPTIONS);
  return { ...settlement, diagnosis: diagnose(row, settlement) };
};

describe('an execution that the engine says has ended', () => {
  test.each([
    ['running', unsettled()],
    ['pending', unsettled({ status: 'pending', firstRunId: null, currentRunId: null })],
    ['reported a moment ago', reported(5)],
    ['reported long ago', reported(1e9)],
  ])('is recorded so when it is %s', (_, row) => {
    expect(look(row, CLOSED)).toMatchObject({ kind: 'record_outcome', outcome: completedOutcome(), diagnosis: null });
  });
});

test('a run that closed before the registration is not taken for the execution, unless the caller named it', () => {
  const registered = { status: 'pending', firstRunId: null, currentRunId: null } as const;
  const closedAt = (time: string) => ({ kind: 'closed', outcome: completedOutcome({ closedAt: time }) }) as const;
  const asked = '2026-11-21T08:00:00+00:00';
  const row = unsettled({ ...registered, startedAt: asked, registeredAt: '2026-11-21T09:02:00.000005+00:00' });
  expect(look(row, closedAt('2026-11-21T09:02:00.000004Z'))).toMatchObject({ kind: 'unknown' });
  expect(look(row, closedAt('2026-11-21T09:02:00.000005Z'))).toMatchObject({ kind: 'record_outcome' });
  expect(look({ ...row, firstRunId: 'run-1' }, closedAt('2026-11-21T08:00:00Z'))).toMatchObject({
    kind: 'record_outcome',
  });
});

test('a settled execution that lacks a part is completed, and else left alone', () => {
  const settled = unsettled({ status: 'completed', authority: 'engine', closingRunId: 'run-1', runCount: 2 });
  const run = { cause: 'start', previousRunId: null, status: 'completed', startedAt: '', closedAt: null } as const;
  const of = (runNumber: number) =>
    completedOutcome({ runs: [{ ...run, runId: 'run-1', runNumber, errorMessage: null, wasEnd: false }] });
  expect(look(settled, { kind: 'closed', outcome: of(2) })).toMatchObject({ kind: 'settled' });
  expect(look(settled, { kind: 'closed', outcome: of(3) })).toMatchObject({ kind: 'complete', diagnosis: null });
});

describe('an execution that the engine says is open', () => {
  test('is left alone when the ledger says the same', () => {
    expect(look(unsettled(), OPEN)).toMatchObject({ kind: 'keep', diagnosis: { health: 'live' } });
  });

  test('is recorded when it was pending, or runs in another run by now', () => {
    const pending = unsettled({ status: 'pending', firstRunId: null, currentRunId: null });
    expect(look(pending, OPEN)).toMatchObject({ kind: 'record_open' });
    expect(look(unsettled(), { kind: 'open', open: openRun({ runId: 'run-2' }) })).toMatchObject({
      kind: 'record_open',
    });
  });

  test('is left alone while a report about it is young, and looked at again when the grace is over', () => {
    expect(look(reported(4_000), OPEN)).toMatchObject({ kind: 'wait', forMs: 6_000 });
  });

  test('takes back a report that is old enough, as of the revision that was read before', () => {
    expect(look(reported(10_000), OPEN)).toMatchObject({ kind: 'record_open', takeBackRevision: 7 });
  });

  test('takes back at once a cancel that came before its start', () => {
    const row = reported(5, { status: 'cancelled', firstRunId: null, currentRunId: null });
    expect(look(row, OPEN)).toMatchObject({ kind: 'record_open', takeBackRevision: 7 });
  });

  test('is cancelling when somebody asked the run that is open, and not when they asked one before it', () => {
    const asked = { cancelRequestedAt: '2026-11-21T09:00:00+00:00' };
    expect(look(unsettled(asked), OPEN)).toMatchObject({ diagnosis: { health: 'cancelling' } });
    const next: Resolution = { kind: 'open', open: openRun({ runId: 'run-2' }) };
    expect(look(unsettled(asked), next)).toMatchObject({ diagnosis: { health: 'live' } });
  });

  test('is recorded again when its row lacks a part that the engine tells', () => {
    const read = openRun({ engineStartedAt: '2026-11-21T09:00:00Z', firstTaskAt: '2026-11-21T09:00:01Z' });
    const row = unsettled({ engineStartedAt: read.engineStartedAt });
    expect(look(row, { kind: 'open', open: read })).toMatchObject({ kind: 'record_open' });
    expect(look({ ...row, firstTaskAt: read.firstTaskAt }, { kind: 'open', open: read })).toMatchObject({
      kind: 'keep',
    });
    const asked = openRun({
      cancelRequested: true,
      cancelRequest: { at: '2026-11-21T09:00:00Z', by: 'cli', reason: null },
    });
    expect(look(unsettled(), { kind: 'open', open: asked })).toMatchObject({ kind: 'record_open' });
  });
});

describe('an execution that the engine has settled', () => {
  const settled = unsettled({ status: 'completed', authority: 'engine', closingRunId: 'run-1' });

  test('stays so when the engine has forgotten it', () => {
    expect(look(settled, NOT_FOUND)).toEqual({ kind: 'settled', diagnosis: null });
  });

  test('is open again when the engine says so: a reset, which takes back no report', () => {
    const reset = { kind: 'open', open: openRun({ runId: 'run-2' }) } as const;
    expect(look({ ...settled, reportedAt: '2026-11-21T09:00:01+00:00', reportedForMs: 5 }, reset)).toMatchObject({
      kind: 'record_open',
      open: { runId: 'run-2' },
    });
    expect(look(settled, reset)).not.toHaveProperty('takeBackRevision');
  });

  test('has another end when another run of its chain has ended', () => {
    const outcome = completedOutcome({ runId: 'run-2' });
    expect(look(settled, { kind: 'closed', outcome })).toMatchObject({ kind: 'record_outcome', outcome });
  });
});

describe('an execution that was settled as lost', () => {
  const lost = reported(5, { lostAt: '2026-11-21T09:05:00+00:00' });

  test('stays so while the engine does not know it', () => {
    expect(look(lost, NOT_FOUND)).toEqual({ kind: 'settled', diagnosis: null });
  });

  test('runs again at once when the engine knows it again: there is no report to wait for', () => {
    expect(look(lost, OPEN)).toMatchObject({ kind: 'record_open', takeBackRevision: 7 });
  });
});

test('an open execution whose first run nobody has recorded is recorded, though its run is known', () => {
  expect(look(unsettled({ firstRunId: null }), OPEN)).toMatchObject({ kind: 'record_open' });
});

describe('an execution that the engine does not know', () => {
  test('never ends by that: it is lost when it had run, late when it had not', () => {
    expect(look(unsettled(), NOT_FOUND)).toMatchObject({ kind: 'unknown', diagnosis: { health: 'lost' } });
    expect(look(reported(1e9), NOT_FOUND)).toMatchObject({ kind: 'unknown', diagnosis: { health: 'lost' } });
    const pending = unsettled({ status: 'pending', firstRunId: null, currentRunId: null });
    expect(look(pending, NOT_FOUND)).toMatchObject({ kind: 'unknown', diagnosis: { health: 'late' } });
    expect(look({ ...pending, isPastStartBy: true }, NOT_FOUND).diagnosis).toMatchObject({
      health: 'late',
      remedy: expect.stringMatching(/start it anew/i),
    });
  });

  test('was not cancelled before its start where it had one, or where a report says how it ended', () => {
    const longAgo = NEVER_STARTED_AFTER_MS;
    expect(look(reported(longAgo, { status: 'cancelled' }), NOT_FOUND)).toMatchObject({ kind: 'unknown' });
    const failed = reported(longAgo, { status: 'failed', firstRunId: null, currentRunId: null });
    expect(look(failed, NOT_FOUND)).toMatchObject({ kind: 'unknown' });
  });

  test('was cancelled before its start once no start can be under way any more', () => {
    const cancelled = (forMs: number) =>
      reported(forMs, {
        status: 'cancelled',
        firstRunId: null,
        currentRunId: null,
        cancelRequestedBy: 'anna',
        cancelReason: 'too late',
      });
    expect(look(cancelled(NEVER_STARTED_AFTER_MS - 1), NOT_FOUND)).toMatchObject({ kind: 'unknown' });
    expect(look(cancelled(NEVER_STARTED_AFTER_MS), NOT_FOUND)).toMatchObject({
      kind: 'record_outcome',
      outcome: {
        status: 'cancelled',
        runId: null,
        actor: 'anna',
        errorMessage: 'Cancelled before it was started: too late',
      },
    });
  });
});
