import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LedgerApi } from './fixtures/open-ledger-api.ts';
import { openLedgerApi } from './fixtures/open-ledger-api.ts';
import { createRetentionService } from './retention-service.ts';

const DAY_MS = 86_400_000;

let api: LedgerApi;
beforeAll(async () => {
  api = await openLedgerApi('pglite');
  await api.supabase.database.query(
    `insert into runledger.workflow_executions (workflow_id, created_by, status, input, started_at, completed_at)
     select $1::uuid, $2, 'completed', '{}', now() - n * interval '1 day', now() - n * interval '1 day' from generate_series(1, 50) n`,
    [api.workflow.id, api.ada.id],
  );
});
afterAll(() => api?.close());

test('a dry run adds up what its batches would remove, and a real one removes just that', async () => {
  const service = createRetentionService(api.admin);
  const policy = { payloadsMs: 10 * DAY_MS - 60_000, rowsMs: 40 * DAY_MS - 60_000 };
  const seen: number[] = [];
  const dry = await service.prune(policy, {
    dryRun: true,
    batch: 20,
    onProgress: ({ examined }) => seen.push(examined),
  });
  expect(dry).toEqual({
    examined: 50,
    unsettled: 0,
    payloads: { before: 50, due: 41 },
    timelines: { before: 0, due: 0 },
    rows: { before: 50, due: 11 },
  });
  expect(seen).toEqual([20, 40, 50]);
  expect(await service.prune(policy, { batch: 20 })).toEqual(dry);
  expect(await service.prune(policy)).toMatchObject({ examined: 39, payloads: { due: 0 }, rows: { due: 0 } });
  expect(await api.service.getRunCount(api.ada.id)).toBe(50);
  const kept = await api.service.listExecutionsByUser(api.ada.id, { limit: 200 });
  expect(kept).toHaveLength(39);
  expect(await api.service.getExecutionById(kept.at(-1)?.id ?? '')).toMatchObject({
    input: null,
    outputNote: 'pruned',
  });
});

test('a policy without a rule, one below a minute, and a user’s own client are refused', async () => {
  const service = createRetentionService(api.admin, { call: { retries: 0 } });
  await expect(service.prune({})).rejects.toMatchObject({ code: 'invalid_input' });
  await expect(service.prune({ rowsMs: 1 })).rejects.toMatchObject({ code: 'invalid_input' });
  await expect(createRetentionService(api.ada.supabase).prune({ rowsMs: DAY_MS })).rejects.toMatchObject({
    code: 'permission_denied',
  });
});
