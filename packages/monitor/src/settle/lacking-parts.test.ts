import { expect, test } from 'vitest';
import { completedOutcome, openRun, unsettled } from '../fixtures/rows.ts';
import { lackingParts } from './lacking-parts.ts';

const AT = '2026-11-21T09:00:00Z';
const READ = openRun({
  engineStartedAt: AT,
  firstTaskAt: AT,
  cancelRequest: { at: AT, by: 'cli', reason: null },
});

test('a row lacks what Temporal tells and it does not hold', () => {
  expect(lackingParts(unsettled(), READ)).toEqual(['engine start', 'first task', 'cancel request']);
  const row = unsettled({ engineStartedAt: AT, firstTaskAt: AT, cancelRequestedAt: AT });
  expect(lackingParts(row, READ)).toEqual([]);
});

test('a row lacks nothing that Temporal does not tell', () => {
  expect(lackingParts(unsettled(), openRun())).toEqual([]);
  expect(lackingParts(unsettled(), completedOutcome({ cancelRequest: null }))).toEqual([]);
});
