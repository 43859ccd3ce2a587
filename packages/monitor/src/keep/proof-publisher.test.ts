import type { Proof } from '@runledger/contracts';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { NO_FIGURES } from '../fixtures/nothing-visible.ts';
import { until } from '../fixtures/until.ts';
import { createProofPublisher, missRate } from './proof-publisher.ts';

const lag = (count: number) => ({ count, p50Ms: 1, p95Ms: 1, p99Ms: 1, maxMs: 1 });

test('the miss rate is the part of the ends that only the reconciler found', () => {
  expect(missRate({ recorded: {} })).toBeNull();
  expect(missRate({ recorded: { watch: lag(9) } })).toBe(0);
  expect(missRate({ recorded: { watch: lag(6), feed: lag(3), reconciler: lag(1) } })).toBe(0.1);
});

test('the proof is what the database counts and what the monitor says of itself, again and again', async () => {
  const published: Proof[] = [];
  const feed = { everyMs: 2_000, readAt: null, throttledSince: null, watermark: null };
  const stop = new AbortController();
  const running = createProofPublisher({
    ledger: {
      figures: async () => ({ ...NO_FIGURES, open: 412, recorded: { reconciler: lag(2), watch: lag(2) } }),
      async publishProof(_, proof) {
        published.push(proof);
      },
    },
    namespace: 'default',
    logger: pino({ level: 'silent' }),
    identity: '1@here',
    periodMs: 10,
    figures: () => ({
      diverging: 3,
      alarm: null,
      retentionMs: 86_400_000,
      broughtParts: { runs: 2, 'engine start': 0, 'first task': 0, 'cancel request': 0 },
      watching: 5,
      watchCap: 9,
      closureFeed: feed,
      startFeed: feed,
    }),
  }).run(stop.signal);
  await until(() => published.length >= 2, true);
  stop.abort();
  await running;
  expect(published[0]).toMatchObject({
    open: 412,
    diverging: 3,
    diverged: 2,
    broughtParts: { runs: 2 },
    feedMissRate: 0.5,
    retentionMs: 86_400_000,
    monitor: { identity: '1@here', watching: 5, watchCap: 9 },
  });
});
