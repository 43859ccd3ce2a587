import type { Proof } from '@runledger/contracts';
import { expect, test } from 'vitest';
import { standingWords } from './standing.ts';

const AT = '2026-11-29T12:00:00.000Z';
const NOW = Date.parse(AT) + 1_000;
const health = { live: 10, late: 1, wedged: 1, cancelling: 0, lost: 0 };
const proof = { open: 12, diverging: 0, oldestCheckAgeMs: 40_000, at: AT } as Proof;

test('how all that are open stand is one line', () => {
  const counts = { open: 12, exactness: 'exact' as const, health };
  expect(standingWords({ counts, read: { kind: 'proof', proof } }, NOW)).toBe(
    '12 open · 1 late · 1 wedged · 0 of 12 differ · oldest check 41 s ago',
  );
});

test('where nothing is open, or nothing was proved so far, it says no more than that', () => {
  const counts = { open: 0, exactness: 'exact' as const, health: { ...health, late: 0, wedged: 0 } };
  const none = { ...proof, open: 0, oldestCheckAgeMs: null };
  expect(standingWords({ counts, read: { kind: 'proof', proof: none } }, NOW)).toBe('0 open · 0 differ');
  const many = { ...counts, open: 10_000, exactness: 'capped' as const };
  expect(standingWords({ counts: many, read: { kind: 'none' } }, NOW)).toBe('10,000+ open · no proof yet');
});
