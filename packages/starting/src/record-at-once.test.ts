import type { OutcomeLedger, RecordAnswer } from '@runledger/contracts';
import { EMPTY_OUTCOME } from '@runledger/contracts';
import { describe, expect, test } from 'vitest';
import { recordAnswer } from './fixtures/fake-start.ts';
import { recordAtOnce } from './record-at-once.ts';

function fakeLedger(answers: RecordAnswer[]) {
  const calls: [string, unknown][] = [];
  const ledger: OutcomeLedger = {
    async recordOpen(items) {
      calls.push(['open', items]);
      return answers;
    },
    async recordOutcomes(items) {
      calls.push(['outcomes', items]);
      return answers;
    },
    stopKind: async () => 'cancel',
  };
  return { recorder: recordAtOnce(ledger), calls };
}

const OPEN = {
  executionId: 'execution-1',
  source: 'service',
  open: {
    firstRunId: 'run-1',
    runId: 'run-1',
    engineStartedAt: null,
    firstTaskAt: null,
    cancelRequested: false,
    engineStatus: 'RUNNING',
    wedged: null,
    runs: [],
  },
} as const;
const ENDED = {
  executionId: 'execution-1',
  source: 'service',
  outcome: { ...EMPTY_OUTCOME, status: 'failed' as const, closedAt: '2026-11-21T09:00:00Z' },
} as const;

describe('what is recorded at once', () => {
  test('is one call, whose one answer comes back', async () => {
    const answer = recordAnswer({ revision: 7 });
    const { recorder, calls } = fakeLedger([answer]);
    const open = { ...OPEN, open: { ...OPEN.open, runs: [] } };
    expect(await recorder.recordOpen(open)).toBe(answer);
    expect(await recorder.recordOutcome(ENDED)).toBe(answer);
    expect(calls).toEqual([
      ['open', [open]],
      ['outcomes', [ENDED]],
    ]);
  });

  test('is an error where the ledger answers nothing', async () => {
    const { recorder } = fakeLedger([]);
    await expect(recorder.recordOutcome(ENDED)).rejects.toMatchObject({ code: 'internal' });
  });
});
