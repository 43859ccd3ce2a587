import type { Proof } from '@runledger/contracts';
import { describe, expect, test } from 'vitest';
import { callRouter } from './fake-call.ts';
import { ANNA, fakeContext, fakeLedger } from './fake-context.ts';

const feed = { everyMs: 2_000, readAt: null, throttledSince: null, watermark: null };
const proof = (more: Partial<Proof> = {}): Proof => ({
  at: new Date().toISOString(),
  open: 412_412_412,
  health: { live: 412_412_412, late: 0, wedged: 0, cancelling: 0, lost: 0 },
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
  retentionMs: 259_200_000,
  missed: [],
  monitor: {
    version: 1,
    identity: '4711@worker-1',
    startedAt: '2026-11-21T08:00:00Z',
    watching: 412_412_412,
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
  expect(served).toMatchObject({
    periodMs: 300_000,
    periodReachedMs: 290_000,
    retentionMs: 259_200_000,
    isWell: true,
    own,
  });
  expect(asked).toEqual([[ANNA, 'shop']]);
});

test('what the namespace runs, and who publishes, is the operator’s', async () => {
  const { served } = await proofFor(proof());
  for (const secret of ['412412412', 'worker-1', 'watching']) expect(JSON.stringify(served)).not.toContain(secret);
});

test.each([
  ['an alarm', { alarm: 'Temporal lost its data' }],
  ['a missed promise', { missed: ['the session 4711 of nightly report holds up the feed'] }],
  ['a monitor that has gone quiet', { at: new Date(Date.now() - 700_000).toISOString() }],
])('%s is not well, and says no more', async (_, more) => {
  const { served } = await proofFor(proof(more));
  expect(served?.isWell).toBe(false);
  expect(JSON.stringify(served)).not.toMatch(/session 4711|lost its data/);
});

test('before the first proof there is none', async () => {
  const ledger = fakeLedger({ getProof: async () => null });
  expect(await callRouter(fakeContext({ ledger })).system.getProof()).toBeNull();
});

describe('namespaces', () => {
  const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
  const ledger = fakeLedger({
    namespaceProofs: async () => [
      { namespace: 'shop', proof: proof() },
      { namespace: 'alarmed', proof: proof({ alarm: 'Temporal lost its data', diverging: 2 }) },
      { namespace: 'left', proof: proof({ at: minutesAgo(20) }) },
      { namespace: 'retired', proof: proof({ at: minutesAgo(20), open: 0 }) },
      { namespace: 'older', proof: { at: minutesAgo(0), unsettled: 3 } },
    ],
    unprovenNamespaces: async () => [
      { namespace: 'left', provedAt: '2026-11-21T08:00:00Z' },
      { namespace: 'never', provedAt: null },
    ],
  });

  test('an operator is shown each, how it is followed, and why it is not well', async () => {
    const found = await callRouter(fakeContext({ ledger, isOperator: true })).system.getNamespaces();
    expect(found.map(({ namespace, standing }) => [namespace, standing])).toEqual([
      ['alarmed', 'followed'],
      ['left', 'unproven'],
      ['never', 'unproven'],
      ['older', 'followed'],
      ['retired', 'idle'],
      ['shop', 'followed'],
    ]);
    const of = (name: string) => found.find(({ namespace }) => namespace === name);
    expect(of('shop')).toMatchObject({ problems: [], unprovenSince: null, proof: { open: 412_412_412 } });
    expect(of('alarmed')?.problems).toEqual([
      'Alarm: Temporal lost its data',
      expect.stringMatching(/^2 executions differ from Temporal/),
    ]);
    expect(of('left')).toMatchObject({ unprovenSince: '2026-11-21T08:00:00Z', proof: { open: 412_412_412 } });
    expect(of('left')?.problems).toEqual([expect.stringContaining('TEMPORAL_NAMESPACE=left')]);
    expect(of('never')).toMatchObject({ unprovenSince: null, proof: null });
    expect(of('older')).toMatchObject({ proof: null, problems: [expect.stringContaining('another version')] });
    expect(of('retired')?.problems).toEqual([]);
  });

  test('whoever is no operator learns nothing of them', async () => {
    const asked = callRouter(fakeContext({ ledger: fakeLedger({}) })).system.getNamespaces();
    await expect(asked).rejects.toMatchObject({ code: 'FORBIDDEN', cause: { code: 'permission_denied' } });
  });
});
