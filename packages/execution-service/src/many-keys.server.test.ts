/**
 * Payloads of very many different keys: what reads or writes them takes time by how many there are, not by the square of that, which is
 * half a minute of Postgres for a call: it gives up on a statement of that length.
 */
import { REQUEST_KEYS } from '@runledger/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openRun, completedOutcome as outcome } from './fixtures/engine-words.ts';
import type { LedgerApi } from './fixtures/open-ledger-api.ts';
import { openLedgerApi } from './fixtures/open-ledger-api.ts';

/** Twice as many as a request over HTTP may have. */
const KEYS = 2 * REQUEST_KEYS;
const payload = Object.fromEntries(Array.from({ length: KEYS }, (_, n) => [`k${n}`, n]));

describe('on Postgres 17', () => {
  let api: LedgerApi;
  beforeAll(async () => {
    api = await openLedgerApi('postgres-17');
  });
  afterAll(() => api.close());

  test('are admitted, started, found, ended and read in one call each', async () => {
    const { ledger } = api;
    const reader = api.readerOf(api.ada);
    const admission = await ledger.admit({
      ...{ workflow: api.workflow, userId: api.ada.id, input: payload, tags: [], metadata: {} },
      ...{ idempotencyKey: null, startWithinMs: 60_000 },
    });
    expect(admission?.execution.input).toEqual(payload);
    const id = admission?.execution.id as string;
    const [waiting] = await ledger.pendingStarts('default', 0, 100);
    expect(waiting?.input).toEqual(payload);
    const started = await ledger.recordStart({ open: { executionId: id, source: 'service', open: openRun('run-1') } });
    expect(started).toMatchObject({ execution: { id, status: 'running' } });
    expect(await reader.search({ userId: api.ada.id }, id)).toMatchObject([{ matched: 'id' }]);
    await ledger.recordOutcomes([{ executionId: id, source: 'watch', outcome: outcome('run-1', { output: payload }) }]);
    const details = await reader.details({ userId: api.ada.id }, id, { payloads: true });
    expect(details).toMatchObject({ status: 'completed', input: payload, output: payload });
    expect(await reader.get({ userId: api.ada.id }, id)).toMatchObject({ input: payload, output: payload });
    const { one } = await reader.compared({ userId: api.ada.id }, id, null);
    expect(one?.execution).toMatchObject({ input: payload, output: payload });
    // As text on the way, which nobody there has to parse.
    const asked = { p_id: id, p_user_id: api.ada.id, p_parts: ['row', 'payloads'] };
    const { data } = await api.admin.rpc('read_execution', asked);
    expect(data).toMatchObject({
      execution: { input: null, output: null },
      large: { input: expect.stringMatching(/^\{"k0": 0,/), output: expect.any(String) },
    });
    // Their sizes are told always, they themselves only where they are asked for.
    const without = await reader.details({ userId: api.ada.id }, id, { payloads: false });
    expect(without).toMatchObject({ input: null, output: null, inputBytes: details?.inputBytes });
    expect(details?.inputBytes).toBeGreaterThan(500_000);
  });
});
