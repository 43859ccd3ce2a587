/** What an operator sees of the API in OpenTelemetry, and what is nobody's to see there. */
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ApiFixture, TestApi, TestUser } from './fixtures/api-fixture.ts';
import { ORDER, startApi, startApiFixture } from './fixtures/api-fixture.ts';
import { createMemoryStore } from './limits/rate-store.ts';
import { createUserLimits } from './limits/user-limits.ts';
import { createApiTelemetry } from './telemetry/api-telemetry.ts';

const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
const spans = new InMemorySpanExporter();
const telemetry = createApiTelemetry({
  meterProvider: new MeterProvider({ readers: [reader] }),
  tracerProvider: new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter: spans })] }),
});

let fixture: ApiFixture;
let anna: TestUser;
let api: TestApi;
beforeAll(async () => {
  fixture = await startApiFixture();
  api = await startApi({ ...fixture.variables, RUNLEDGER_WRITES_PER_MINUTE: '2' }, { telemetry });
  anna = await fixture.signUp('anna');
});
afterAll(async () => {
  await api?.[Symbol.asyncDispose]();
  await fixture?.[Symbol.asyncDispose]();
});

/** The points of an instrument: attributes, and its value, or how many times it was recorded. */
async function points(name: string) {
  exporter.reset();
  await reader.forceFlush();
  const all = exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics));
  const found = all.find(({ descriptor }) => descriptor.name === name);
  return (found?.dataPoints ?? []).map(({ attributes, value }) => ({
    ...attributes,
    value: typeof value === 'object' ? value.count : value,
  }));
}

test('calls, requests, refusals and open streams are counted, by nothing that anybody chooses', async () => {
  const client = api.clientWith(anna.token);
  const { id: workflowId } = await client.workflow.create.mutate(ORDER);
  const { id } = await client.execution.createExecution.mutate({ workflowId, input: { card: 's3cret' } });
  await expect(client.execution.getExecution.query({ id: workflowId })).rejects.toThrow();
  await expect(client.execution.createExecution.mutate({ workflowId })).rejects.toThrow();
  await api.fetch(new Request(`http://localhost/${id}`));
  const stopped = new Promise<void>((resolve) => {
    const subscription = client.execution.watchExecutions.subscribe(undefined, {
      onData: async () => {
        expect(await points('runledger.api.streams.open')).toEqual([{ value: 1 }]);
        subscription.unsubscribe();
        resolve();
      },
    });
  });
  await stopped;
  await expect.poll(() => points('runledger.api.streams.open')).toEqual([{ value: 0 }]);

  expect(await points('runledger.api.call.duration')).toEqual(
    expect.arrayContaining([
      { procedure: 'execution.createExecution', type: 'mutation', code: 'ok', value: 1 },
      { procedure: 'execution.createExecution', type: 'mutation', code: 'rate_limited', value: 1 },
      { procedure: 'execution.getExecution', type: 'query', code: 'not_found', value: 1 },
    ]),
  );
  expect(await points('runledger.api.refused')).toEqual([{ limit: 'writes', value: 1 }]);
  const requests = await points('http.server.request.duration');
  expect(requests).toContainEqual(expect.objectContaining({ 'http.route': 'other', 'http.response.status_code': 404 }));
  expect(requests).toContainEqual(
    expect.objectContaining({ 'http.route': '/trpc', 'http.request.method': 'POST', 'http.response.status_code': 429 }),
  );
  await reader.forceFlush();
  const told = JSON.stringify([
    exporter.getMetrics(),
    spans.getFinishedSpans().map(({ name, attributes }) => [name, attributes]),
  ]);
  for (const hidden of ['s3cret', anna.id, id, workflowId]) expect(told).not.toContain(hidden);
});

test('calls to the ledger and to Temporal are timed, by operation and code', async () => {
  const measured = telemetry.measured('ledger', {
    read: async (id: string) => id,
    fail: () => Promise.reject(new Error('of anna@example.com')),
  });
  expect(await measured.read('x')).toBe('x');
  await expect(measured.fail()).rejects.toThrow('of anna');
  expect(await points('runledger.ledger.call.duration')).toEqual([
    { operation: 'read', value: 1 },
    { operation: 'fail', 'error.type': 'unknown', value: 1 },
  ]);
  expect(JSON.stringify(spans.getFinishedSpans().map(({ name, attributes }) => [name, attributes]))).not.toContain(
    'anna',
  );
});

test('what waits for places of its user is counted while it waits, and timed, by what it is and how that ended', async () => {
  const free = { requestsPerMinute: null, writesPerMinute: null, storedBytesPerDay: null, streams: null };
  const userLimits = createUserLimits({ ...free, callsAtOnce: 1, onWait: telemetry.waits }, createMemoryStore());
  await using narrow = await startApi(fixture.variables, { telemetry, userLimits });
  const { token } = await fixture.signUp('ben');
  const ask = (signal?: AbortSignal) =>
    fetch(`${narrow.url}/trpc/execution.getRunCount`, {
      headers: { authorization: `Bearer ${token}` },
      ...(signal ? { signal } : {}),
    });
  await ask();
  // Whatever else Ben asks waits for this.
  const { promise: over, resolve: end } = Promise.withResolvers<void>();
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  const user = (await narrow.createContext({ headers: new Headers({ authorization: `Bearer ${token}` }) })).caller
    ?.userId;
  const held = userLimits.inTurn?.(user as string, { of: 'requests', places: 1 }, async () => {
    begin();
    await over;
  });
  await begun;
  const leave = new AbortController();
  const [patient, gone] = [ask(), ask(leave.signal).catch(() => null)];
  await expect.poll(() => points('runledger.api.places.waiting')).toEqual([{ of: 'requests', value: 2 }]);
  leave.abort();
  await gone;
  await expect.poll(() => points('runledger.api.places.waiting')).toEqual([{ of: 'requests', value: 1 }]);
  end();
  await held;
  expect((await patient).status).toBe(200);
  expect(await points('runledger.api.places.waiting')).toEqual([{ of: 'requests', value: 0 }]);
  expect(await points('runledger.api.places.wait.duration')).toEqual([
    { of: 'requests', end: 'gone', value: 1 },
    { of: 'requests', end: 'began', value: 1 },
  ]);
});
