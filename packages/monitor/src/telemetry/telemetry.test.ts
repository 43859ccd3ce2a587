import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import type { Proof } from '@runledger/contracts';
import { ExecutionError } from '@runledger/contracts';
import { describe, expect, test } from 'vitest';
import { createTelemetry } from './telemetry.ts';

/** A telemetry whose figures and spans can be read back. */
function readableTelemetry() {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const spans = new InMemorySpanExporter();
  const telemetry = createTelemetry({
    namespace: 'shop',
    meterProvider: new MeterProvider({ readers: [reader] }),
    tracerProvider: new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter: spans })] }),
  });
  return {
    telemetry,
    spans: () => spans.getFinishedSpans().map(({ name, attributes, status }) => ({ name, attributes, status })),
    /** The points of one instrument: attributes and value, `{ count, sum }` for histograms. */
    async points(name: string) {
      exporter.reset();
      await reader.forceFlush();
      const all = exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics));
      const found = all.find(({ descriptor }) => descriptor.name === name);
      return (found?.dataPoints ?? []).map(({ attributes, value }) => ({
        ...attributes,
        value: typeof value === 'object' ? { count: value.count, sum: value.sum } : value,
      }));
    },
  };
}

function proof(more: Partial<Proof> = {}): Proof {
  const feed = { everyMs: 250, readAt: null, throttledSince: null, watermark: null };
  return {
    open: 3,
    health: { live: 2, late: 0, wedged: 0, cancelling: 0, lost: 1 },
    unchecked: 0,
    oldestCheckAt: null,
    oldestCheckAgeMs: 41_000,
    oldestUncheckedAgeMs: null,
    timelines: { pending: 7, oldestAgeMs: 90_000 },
    changeFeedHeldBy: null,
    recorded: {},
    corrected: {},
    capped: false,
    at: new Date().toISOString(),
    diverging: 1,
    diverged: 0,
    broughtParts: { runs: 0, 'engine start': 0, 'first task': 0, 'cancel request': 0 },
    feedMissRate: null,
    alarm: null,
    periodMs: 300_000,
    periodReachedMs: 600_000,
    retentionMs: null,
    missed: ['late'],
    monitor: {
      version: 1,
      identity: 'monitor',
      startedAt: new Date().toISOString(),
      watching: 3,
      watchCap: 800,
      closureFeed: feed,
      startFeed: feed,
    },
    ...more,
  };
}

describe('what operators can graph', () => {
  test('ends are counted by source and status, and their lag is measured in seconds', async () => {
    const { telemetry, points } = readableTelemetry();
    const closedAt = new Date(Date.now() - 2_000).toISOString();
    telemetry.recorded({ source: 'watch', status: 'completed', closedAt });
    telemetry.recorded({ source: 'watch', status: 'failed', closedAt });
    telemetry.recorded({ source: 'feed', status: 'completed', closedAt: new Date(Date.now() + 60_000).toISOString() });
    expect(await points('runledger.executions.recorded')).toEqual([
      { namespace: 'shop', source: 'watch', status: 'completed', value: 1 },
      { namespace: 'shop', source: 'watch', status: 'failed', value: 1 },
      { namespace: 'shop', source: 'feed', status: 'completed', value: 1 },
    ]);
    const [watch, feed] = (await points('runledger.record.lag')) as { value: { count: number; sum: number } }[];
    expect(watch).toMatchObject({ source: 'watch', value: { count: 2 } });
    expect(Math.round(watch?.value.sum ?? 0)).toBe(4);
    expect(feed).toMatchObject({ source: 'feed', value: { count: 1, sum: 0 } });
  });

  test('what the reconciler found, what was adopted and what Temporal refused is counted', async () => {
    const { telemetry, points } = readableTelemetry();
    telemetry.diverged();
    telemetry.adopted('unknown_user');
    telemetry.throttled('closure');
    expect(await points('runledger.diverged')).toEqual([{ namespace: 'shop', value: 1 }]);
    expect(await points('runledger.runs.considered')).toEqual([
      { namespace: 'shop', result: 'unknown_user', value: 1 },
    ]);
    expect(await points('runledger.feed.throttled')).toEqual([{ namespace: 'shop', feed: 'closure', value: 1 }]);
  });

  test('calls are measured by operation, the failed ones by the kind of their error', async () => {
    const { telemetry, points } = readableTelemetry();
    const ledger = telemetry.measured('ledger', {
      figures: async (namespace: string) => `figures of ${namespace}`,
      ping: async () => {
        throw new ExecutionError('ledger_unavailable', 'anna@example.org cannot be read');
      },
    });
    expect(await ledger.figures('shop')).toBe('figures of shop');
    await expect(ledger.ping()).rejects.toThrow('anna@example.org');
    expect(await points('runledger.ledger.call.duration')).toMatchObject([
      { operation: 'figures', value: { count: 1 } },
      { operation: 'ping', 'error.type': 'ledger_unavailable', value: { count: 1 } },
    ]);
  });

  test('gauges are shown while the monitor runs, and are 0 on a worker that has handed it on', async () => {
    const { telemetry, points } = readableTelemetry();
    // It looked 5 s ago; the newest that it found then is an hour old.
    const readAt = new Date(Date.now() - 5_000).toISOString();
    const watermark = new Date(Date.now() - 3_600_000).toISOString();
    const feed = { everyMs: 250, readAt, throttledSince: null, watermark };
    let published: Proof | null = null;
    const hide = telemetry.observe(() => ({
      watching: 3,
      watchCap: 800,
      closureFeed: feed,
      startFeed: { ...feed, readAt: null },
      proof: published,
    }));
    expect(await points('runledger.watch.polls')).toEqual([{ namespace: 'shop', value: 3 }]);
    expect(await points('runledger.unsettled')).toEqual([]);
    const [behind, ...others] = (await points('runledger.feed.behind')) as { feed: string; value: number }[];
    expect([behind?.feed, Math.round(behind?.value ?? 0), others]).toEqual(['closure', 5, []]);

    published = proof({
      alarm: 'Temporal knows hardly any of the executions',
      at: new Date(Date.now() - 9_000).toISOString(),
    });
    expect(await points('runledger.unsettled')).toEqual(
      [
        { health: 'live', value: 2 },
        { health: 'late', value: 0 },
        { health: 'wedged', value: 0 },
        { health: 'cancelling', value: 0 },
        { health: 'lost', value: 1 },
        { health: 'unchecked', value: 0 },
      ].map((point) => ({ namespace: 'shop', ...point })),
    );
    expect(await points('runledger.diverging')).toEqual([{ namespace: 'shop', value: 1 }]);
    expect(await points('runledger.alarm')).toEqual([{ namespace: 'shop', value: 1 }]);
    expect(await points('runledger.check.period_reached')).toEqual([{ namespace: 'shop', value: 600 }]);
    expect(await points('runledger.timelines.pending')).toEqual([{ namespace: 'shop', value: 7 }]);
    expect(await points('runledger.timelines.oldest_age')).toEqual([{ namespace: 'shop', value: 90 }]);
    expect(await points('runledger.promises.missed')).toEqual([{ namespace: 'shop', value: 1 }]);
    const [oldest] = (await points('runledger.check.oldest_age')) as { value: number }[];
    expect(Math.round(oldest?.value ?? 0)).toBe(50);

    hide();
    const values = async (name: string) => (await points(name)).map(({ value }) => value);
    expect(await values('runledger.monitor.active')).toEqual([0]);
    expect(await values('runledger.watch.polls')).toEqual([0]);
    expect(await values('runledger.unsettled')).toEqual([0, 0, 0, 0, 0, 0]);
    expect(await values('runledger.alarm')).toEqual([0]);
    const hideNext = telemetry.observe(() => ({
      watching: 9,
      watchCap: 800,
      closureFeed: feed,
      startFeed: feed,
      proof: null,
    }));
    hide();
    expect(await values('runledger.watch.polls')).toEqual([9]);
    expect(await values('runledger.monitor.active')).toEqual([1]);
    hideNext();
  });

  test('a span of a failed settlement names the kind of error and keeps its message to itself', async () => {
    const { telemetry, spans } = readableTelemetry();
    const failing = telemetry.traced('settle', { executionId: 'execution-1', source: 'watch' }, async () => {
      throw new ExecutionError('conflict', 'order-of-anna@example.org is held by another');
    });
    await expect(failing).rejects.toThrow('order-of-anna');
    expect(await telemetry.traced('reconcile pass', { items: 2 }, async () => 'done')).toBe('done');
    expect(spans()).toEqual([
      {
        name: 'runledger settle',
        attributes: {
          namespace: 'shop',
          source: 'watch',
          'runledger.execution.id': 'execution-1',
          'error.type': 'conflict',
        },
        status: { code: 2 },
      },
      { name: 'runledger reconcile pass', attributes: { namespace: 'shop', items: 2 }, status: { code: 0 } },
    ]);
  });
});

test('without an SDK nothing is kept, and everything still runs', async () => {
  const telemetry = createTelemetry({ namespace: 'default' });
  telemetry.recorded({ source: 'watch', status: 'completed', closedAt: new Date().toISOString() });
  expect(await telemetry.traced('settle', {}, async () => 1)).toBe(1);
  const hide = telemetry.observe(() => {
    throw new Error('nobody reads');
  });
  hide();
});
