import { renderToString } from 'react-dom/server';
import { expect, test } from 'vitest';
import { ProofLabel } from './proof-label.tsx';
import type { ProofState } from './proof-state.ts';
import { proofState } from './proof-state.ts';

const NOW = Date.parse('2026-11-29T12:00:00Z');
const own = {
  open: 3,
  health: { live: 3, late: 0, wedged: 0, cancelling: 0, lost: 0 },
  unchecked: 0,
  oldestCheckAgeMs: 41_000,
  capped: false,
};
const proof = {
  ...{ at: '2026-11-29T11:59:50Z', periodMs: 300_000, periodReachedMs: 280_000, retentionMs: null },
  ...{ isWell: true, own },
};

test('a fresh proof is good, one of two periods ago is behind, and one that reports a problem is unsure', () => {
  expect(proofState(proof, NOW)).toMatchObject({ kind: 'good', figures: { open: 3, differ: null } });
  expect(proofState(proof, NOW + 600_000)).toEqual({ kind: 'behind', ageMs: 610_000 });
  expect(proofState({ ...proof, isWell: false }, NOW)).toEqual({ kind: 'unsure' });
  expect(proofState(null, NOW)).toEqual({ kind: 'none' });
});

const figures = { open: 412, isCapped: false, differ: 0, oldestCheckAgeMs: 41_000 };
const STATES: [ProofState, string][] = [
  [{ kind: 'good', figures }, '0 of 412 open executions differ. Oldest check 41 s ago.'],
  [{ kind: 'good', figures: { ...figures, differ: null, open: 1 } }, '1 open execution. Oldest check 41 s ago.'],
  [
    { kind: 'good', figures: { ...figures, differ: null, open: 10_000, isCapped: true } },
    'At least 10,000 open executions.',
  ],
  [
    { kind: 'diverging', figures: { ...figures, differ: 3 } },
    '3 of 412 open executions differ and are being repaired.',
  ],
  [{ kind: 'behind', ageMs: 480_000 }, 'Temporal has not been asked for 8 min.'],
  [{ kind: 'none' }, 'The monitor has not reported so far.'],
];

test.each(STATES)('a proof in the state %o says %s', (state, sentence) => {
  expect(renderToString(<ProofLabel proof={state} />)).toContain(sentence);
  expect(renderToString(<ProofLabel proof={state} isShort />)).not.toContain(sentence);
});
