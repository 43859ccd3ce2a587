import { colorsFor } from '@runledger/host/colors';
import { expect, test } from 'vitest';
import type { TopRow } from './top-read.ts';
import { topLines } from './top-view.ts';

const ID = '01a22be6-3921-7408-ac06-9d639e1c1b3a';
const row = {
  ...{
    id: ID,
    status: 'completed',
    health: null,
    workflowName: 'Quarterly reconciliation',
    userName: 'grace@example.com',
  },
  ...{ createdBy: 'grace-1', durationMs: 120, startedAt: '2026-11-30T10:00:00Z', engineStartedAt: null, verdict: null },
} as unknown as TopRow;
const health = { live: 0, late: 0, wedged: 0, cancelling: 0, lost: 0 };
const facts = { rows: [row], open: 1, isCapped: false, health, readAt: Date.parse('2026-11-30T10:00:01Z') };
const state = { ...{ selected: null, isOpenOnly: false, away: null, said: null, now: 0, zone: 'UTC' }, facts } as never;

test.each([60, 80, 120])('at %i columns an id is there as a whole, to explain it by', (width) => {
  const colors = colorsFor({ isTTY: false } as never, false);
  const lines = topLines(state, { colors, width, height: 20 });
  expect(lines.some((line) => line.includes('…9e1c1b3a'))).toBe(true);
  expect(Math.max(...lines.map((line) => [...line].length))).toBeLessThanOrEqual(width);
});
