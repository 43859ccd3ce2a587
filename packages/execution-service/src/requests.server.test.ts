import { randomUUID } from 'node:crypto';
import { testedKinds } from '@runledger/local-stack';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LedgerApi } from './fixtures/open-ledger-api.ts';
import { openLedgerApi } from './fixtures/open-ledger-api.ts';
import { createMachineKeyService } from './machine-key-service.ts';

describe.each(testedKinds('pglite', 'postgres-17'))('what users ask of their executions, on %s', (kind) => {
  let api: LedgerApi;
  beforeAll(async () => {
    api = await openLedgerApi(kind);
  });
  afterAll(() => api?.close());

  const start = (more: object = {}) =>
    api.service.createExecution({ workflowId: api.workflow.id, userId: api.ada.id, ...more });
  const inTemporal = () => start({ engine: 'temporal', temporalWorkflowId: randomUUID(), temporalRunId: randomUUID() });

  test('a request is noted once, by whoever’s execution it is, and keeps its first answer', async () => {
    const { id: executionId } = await inTemporal();
    const request = {
      id: randomUUID(),
      executionId,
      kind: 'signal' as const,
      signalName: 'approve',
      reason: 'checked',
    };
    const [noted, unknown] = await api.ledger.noteRequests(api.ada.id, [
      request,
      { id: randomUUID(), executionId: randomUUID(), kind: 'signal', signalName: 'approve' },
    ]);
    expect([noted, unknown]).toMatchObject([
      { noted: true, statusBefore: 'running', execution: { id: executionId } },
      null,
    ]);
    expect(await api.ledger.noteRequests(api.bob.id, [request])).toEqual([null]);
    await api.ledger.noteRequests(api.ada.id, [request]);
    const other = { ...request, signalName: 'refuse' };
    await expect(api.ledger.noteRequests(api.ada.id, [other])).rejects.toMatchObject({ code: 'conflict' });
    await api.ledger.answerRequests([{ id: request.id, answer: 'requested' }]);
    await api.ledger.answerRequests([{ id: request.id, answer: 'later' }]);
    const found = await api.readerOf(api.ada).requests({ userId: api.ada.id }, executionId);
    expect(found).toMatchObject({
      ...{ rerunOf: null, more: false },
      requests: [{ kind: 'signal', signalName: 'approve', reason: 'checked', answer: 'requested' }],
    });
  });

  test('of an execution the latest thousand are kept, and those that made another', async () => {
    const [asked, other] = [await inTemporal(), await inTemporal()];
    await api.supabase.database.query(
      `insert into runledger.execution_requests (execution_id, created_by, kind, actor, reason, rerun_id, signal_name, requested_at)
       select e, $3, case n when 1 then 'rerun' else 'signal' end, $3, n::text, case n when 1 then $2::uuid end,
              case when n > 1 then 'approve' end, now() - interval '1 day' + n * interval '1 second'
         from generate_series(1, 1100) n, unnest(array[$1::uuid, $2::uuid]) e`,
      [asked.id, other.id, api.ada.id],
    );
    const id = randomUUID();
    await api.ledger.noteRequests(api.ada.id, [{ id, executionId: asked.id, kind: 'cancel', reason: 'the latest' }]);
    const kept = async (execution: string) =>
      (
        await api.supabase.database.query<{ reason: string }>(
          'select reason from runledger.execution_requests where execution_id = $1 order by requested_at',
          [execution],
        )
      ).map(({ reason }) => reason);
    const signals = Array.from({ length: 999 }, (_, n) => String(n + 102));
    expect(await kept(asked.id)).toEqual(['1', ...signals, 'the latest']);
    expect(await kept(other.id)).toHaveLength(1_100);
    await api.ledger.answerRequests([{ id, answer: 'requested' }]);
    const found = await api.readerOf(api.ada).requests({ userId: api.ada.id }, asked.id);
    expect(found).toMatchObject({ more: true, requests: { 0: { reason: 'the latest', answer: 'requested' } } });
  });

  test('a cancel marks the execution that it is about', async () => {
    const { id } = await inTemporal();
    const request = { id: randomUUID(), executionId: id, kind: 'cancel' as const, reason: 'not needed' };
    expect(await api.ledger.noteRequests(api.ada.id, [request])).toMatchObject([{ cancelRequestedBefore: false }]);
    expect(await api.service.getExecutionById(id)).toMatchObject({ cancelReason: 'not needed' });
  });

  test('what has ended is deleted, the rest says why not', async () => {
    const [ended, open, unsettled] = [await start(), await start(), await inTemporal()];
    await api.service.markCompleted(ended.id);
    await api.service.markCompleted(unsettled.id);
    const ids = [open.id, ended.id, unsettled.id, randomUUID()];
    expect(await api.ledger.deleteExecutions(api.bob.id, [ended.id])).toEqual(['not_found']);
    expect(await api.ledger.deleteExecutions(api.ada.id, ids)).toEqual(['open', 'deleted', 'unsettled', 'not_found']);
    expect(await api.service.getExecutionById(ended.id)).toBeNull();
  });

  test('nothing asks for nothing, and a thousand are the most', async () => {
    expect(await api.ledger.noteRequests(api.ada.id, [])).toEqual([]);
    expect(await api.ledger.deleteExecutions(api.ada.id, [])).toEqual([]);
    expect(await api.ledger.endLost([])).toEqual([]);
    await api.ledger.answerRequests([]);
    const many = Array.from({ length: 1_001 }, () => randomUUID());
    await expect(api.ledger.deleteExecutions(api.ada.id, many)).rejects.toMatchObject({ code: 'invalid_input' });
  });

  test('what Temporal does not know is found, and ended by somebody’s word', async () => {
    const { id } = await inTemporal();
    expect(await api.ledger.lost('default', { limit: 10, olderThanMs: 0 })).toEqual([]);
    const all = await api.ledger.lost('default', { limit: 1, olderThanMs: 0, all: true });
    expect(all).toMatchObject([{ executionId: id }]);
    const [next] = await api.ledger.lost('default', { limit: 1, olderThanMs: 0, all: true, after: all[0] as never });
    expect(next?.executionId).toEqual(expect.any(String));
    expect(next?.executionId).not.toBe(id);
    const end = { executionId: id, status: 'failed' as const, reason: 'the cluster is gone', actor: 'operator' };
    // As far as the ledger knows, Temporal may still know it.
    expect(await api.ledger.endLost([end])).toMatchObject([{ executionId: id, result: 'conflict', status: 'running' }]);
    const asked = { ...end, unknownAtRevision: (await api.service.getExecutionById(id))?.revision ?? 0 };
    expect(await api.ledger.endLost([asked])).toMatchObject([{ result: 'applied', status: 'failed' }]);
    expect(await api.ledger.endLost([asked])).toMatchObject([{ result: 'already_terminal' }]);
    expect(await api.service.getExecutionById(id)).toMatchObject({
      endedBy: 'operator',
      endReason: 'the cluster is gone',
    });
  });
});

describe.each(testedKinds('pglite', 'postgres-17'))('progress, on %s', (kind) => {
  let api: LedgerApi;
  beforeAll(async () => {
    api = await openLedgerApi(kind);
  });
  afterAll(() => api?.close());

  const start = async () => (await api.service.createExecution({ workflowId: api.workflow.id, userId: api.ada.id })).id;
  const progress = (id: string) => api.readerOf(api.ada).progress({ userId: api.ada.id }, id);

  test('what was reported is shown, never less than before, and kept when it ends', async () => {
    const id = await start();
    expect(await progress(id)).toEqual({
      ...{ progress: null, workflow: { id: api.workflow.id, name: 'Order', redact: [] } },
    });
    expect(await api.service.reportProgress(id, { step: 2, steps: 4, message: 'Charging the card' })).toBe('applied');
    expect(await api.ledger.reportProgress(api.ada.id, id, { step: 1 })).toBe('behind');
    expect(await progress(id)).toMatchObject({
      progress: { step: 2, steps: 4, percent: 50, message: 'Charging the card', estimated: false },
    });
    await api.service.markCompleted(id, null, 2_000);
    expect(await api.ledger.reportProgress(api.ada.id, id, { step: 4 })).toBe('ended');
    expect(await progress(id)).toMatchObject({ progress: { step: 2, status: 'completed' } });
  });

  test('without reports it is estimated by what such executions took, and says so', async () => {
    expect(await progress(await start())).toMatchObject({
      progress: { estimated: true, reportedAt: null, counter: 0 },
    });
  });

  test('a report that says nothing, is absurd, or about somebody else’s execution is refused', async () => {
    const id = await start();
    await expect(api.service.reportProgress(id, {})).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('says nothing'),
    });
    await expect(api.service.reportProgress(id, { step: 5, steps: 4 }, { runId: 'r' })).rejects.toMatchObject({
      message: expect.stringContaining('step must be at most steps'),
    });
    await expect(api.ledger.reportProgress(api.bob.id, id, { step: 1 })).rejects.toMatchObject({ code: 'not_found' });
    await expect(api.service.reportProgress(randomUUID(), { step: 1 })).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('keys of programs', () => {
  let api: LedgerApi;
  beforeAll(async () => {
    api = await openLedgerApi('postgres-17');
  });
  afterAll(() => api?.close());

  test('a key is shown once, found by itself alone, and revoked for good', async () => {
    const keys = createMachineKeyService(api.admin);
    const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
    const { key, ...made } = await keys.createKey({ name: 'Python worker', expiresAt });
    expect(key).toMatch(/^rlk_[\w-]{43}$/);
    expect(made).toMatchObject({ name: 'Python worker', scopes: ['report'], revokedAt: null, lastUsedAt: null });
    expect(key.startsWith(made.keyStart)).toBe(true);
    expect(await api.supabase.database.query('select * from runledger.machine_keys')).not.toContainEqual(
      expect.objectContaining({ key_hash: key }),
    );
    expect(await keys.findKey(key)).toMatchObject({ id: made.id });
    expect(await keys.findKey(`${key}x`)).toBeNull();
    const [listed] = await keys.listKeys();
    expect(listed?.lastUsedAt).not.toBeNull();
    expect(await keys.findKey(key)).toMatchObject({ lastUsedAt: listed?.lastUsedAt });
    const revoked = await keys.revokeKey(made.id);
    expect(revoked?.revokedAt).not.toBeNull();
    expect(await keys.revokeKey(made.id)).toEqual(revoked);
    expect(await keys.revokeKey('x')).toBeNull();
    expect(await keys.revokeKey(randomUUID())).toBeNull();
    await expect(keys.createKey({ name: 'x', scopes: ['read'] })).rejects.toMatchObject({ code: 'invalid_input' });
    const owner = { userId: api.ada.id, atMost: 1 };
    const own = await keys.createKey({ name: 'x', scopes: ['read', 'start'] }, owner);
    expect(own).toMatchObject({ userId: api.ada.id, scopes: ['read', 'start'] });
    await expect(keys.createKey({ name: 'y', scopes: ['read'] }, owner)).rejects.toMatchObject({
      code: 'quota_exceeded',
    });
    expect(await keys.findKey(own.key)).toMatchObject({ id: own.id, ownerLeft: false });
    expect((await keys.listKeys(api.ada.id)).map(({ id }) => id)).toEqual([own.id]);
    expect(await keys.revokeKey(own.id, api.bob.id)).toBeNull();
    expect(await keys.revokeKey(own.id, api.ada.id)).toMatchObject({ revokedAt: expect.any(String) });
    await expect(keys.createKey({ name: '' })).rejects.toMatchObject({ code: 'invalid_input' });
  });
});
