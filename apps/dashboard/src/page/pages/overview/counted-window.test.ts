import { expect, test } from 'vitest';
import { clockOf } from '../../parts/clock.ts';
import { countedWords } from './counted-window.ts';

const now = Date.parse('2026-11-30T06:56:00Z');
const words = { words: 'what was asked', clock: clockOf('UTC'), now };
const at = (time: string) => `2026-11-30T${time}:00.000Z`;

test.each([
  ['an hour', at('05:56'), at('06:56'), at('05:00'), at('07:00'), /^since (30 Nov \d* ?)?05:00$/],
  ['an hour that was', at('03:30'), at('04:30'), at('03:00'), at('05:00'), /03:00 to .*05:00$/],
  ['a whole hour', at('05:00'), at('06:56'), at('05:00'), at('07:00'), /^what was asked$/],
  ['a day', '2026-11-29T06:56:00Z', at('06:56'), '2026-11-29T06:00:00Z', at('07:00'), /^what was asked$/],
])('of %s the sentence names what was counted where that is another', (_, from, to, counted, until, told) => {
  expect(countedWords({ from, to }, { from: counted, to: until }, words)).toMatch(told);
});
