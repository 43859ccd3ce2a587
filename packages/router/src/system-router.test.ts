import type { Proof } from '@runledger/contracts';
import { expect, test } from 'vitest';
import { callRouter } from './fake-call.ts';
import { ANNA, fakeContext, fakeLedger } from './fake-context.ts';

const feed = { everyMs: 2_000, readAt: null, throttledSince: null, watermark: null };
const proof = (more: Partial<Proof> = {}): Proof => ({
  at: new Date().toISOString(),
  open: 412_123,
  health: { live: 412_123, late: 0, wedged: 0, cancelling: 0, lost: 0 },
  unchecked: 0,
  oldestCheckAt: null,
  oldestCheckAgeMs: 41_000,
  oldestUncheckedAgeMs: null,
  timelines: { pending: 0, oldestAgeMs: null },
  changeFeedHeldBy: null,
  recorded: {},
  corrected: {},
  capped: false,
  diverging: 0,
  diverged: 0,
  broughtParts: { runs: 0, 'engine start': 0, 'first task': 0, 'cancel request': 0 },
  feedMissRate: null,
  alarm: null,
  periodMs: 300_000,
  periodReachedMs: 290_000,
  missed: [],
  monitor: {
    version: 1,
    identity: '4711@worker-1',
    startedAt: '2026-11-21T08:00:00Z',
    watching: 412,
    watchCap: 800,
    closureFeed: feed,
    startFeed: feed,
  },
  ...more,
});
const own = {
  open: 2,
  health: { live: 1, late: 1, wedged: 0, cancelling: 0, lost: 0 },
  unchecked: 0,
  oldestCheckAgeMs: 9_000,
  capped: false,
};

async function proofFor(given: Proof) {
  const asked: string[][] = [];
  const ledger = fakeLedger({
    getProof: async () => given,
    async ownFigures(...of) {
      asked.push(of);
      return own;
    },
  });
  return { served: await callRouter(fakeContext({ ledger })).system.getProof({ namespace: 'shop' }), asked };
}

test('a proof says to a tenant how well they are followed, and the figures of their own executions only', async () => {
  const { served, asked } = await proofFor(proof());
  expect(served).toMatchObject({ periodMs: 300_000, periodReachedMs: 290_000, isWell: true, own });
  expect(asked).toEqual([[ANNA, 'shop']]);
});

test('what the namespace runs, and who publishes, is the operator’s', async () => {
  const { served } = await proofFor(proof());
  for (const secret of ['412', 'worker-1', 'watching']) expect(JSON.stringify(served)).not.toContain(secret);
});

test.each([
  ['an alarm', { alarm: 'Temporal lost its data' }],
  ['a missed promise', { missed: ['the session 4711 of nightly report holds up the feed'] }],
  ['a monitor that has gone quiet', { at: new Date(Date.now() - 700_000).toISOString() }],
])('%s is not well, and says no more', async (_, more) => {
  const { served } = await proofFor(proof(more));
  expect(served?.isWell).toBe(false);
  expect(JSON.stringify(served)).not.toMatch(/4711|lost its data/);
});

test('before the first proof there is none', async () => {
  const ledger = fakeLedger({ getProof: async () => null });
  expect(await callRouter(fakeContext({ ledger })).system.getProof()).toBeNull();
});
