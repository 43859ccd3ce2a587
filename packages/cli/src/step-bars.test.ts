import type { Step } from '@runledger/contracts';
import { expect, test } from 'vitest';
import { stepBar } from './step-bars.ts';

const at = (ms: number) => new Date(Date.UTC(2026, 10, 29) + ms).toISOString();
const step = (more: Partial<Step>): Step => ({
  ...{ kind: 'activity', name: 'chargeCard', status: 'completed', runId: 'r', attempts: 1, failure: null },
  ...{ scheduledAt: at(0), startedAt: at(0), endedAt: at(1_000) },
  ...more,
});
const scale = { fromMs: Date.parse(at(0)), toMs: Date.parse(at(10_000)), columns: 20 };

test.each<[string, Partial<Step>, string]>([
  ['as long as it took', { endedAt: at(5_000) }, '▇▇▇▇▇▇▇▇▇▇          '],
  ['after its earlier attempts', { attempts: 3, startedAt: at(5_000), endedAt: at(7_500) }, '░░░░░░░░░░▇▇▇▇▇     '],
  ['a column at least', { scheduledAt: at(9_999), startedAt: at(9_999), endedAt: at(10_000) }, '                   ▇'],
  [
    'to the end while it is open',
    { scheduledAt: at(5_000), startedAt: at(5_000), endedAt: null },
    '          ▇▇▇▇▇▇▇▇▇▇',
  ],
  ['a mark where it takes no time', { kind: 'signal', scheduledAt: at(2_500), endedAt: null }, '     ◆              '],
])('a step is a bar: %s', (_, more, bar) => {
  expect(stepBar(step(more), scale)).toBe(bar);
});
