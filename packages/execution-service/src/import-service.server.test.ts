import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LedgerApi } from './fixtures/open-ledger-api.ts';
import { openLedgerApi } from './fixtures/open-ledger-api.ts';
import { createImportService } from './import-service.ts';

let api: LedgerApi;
beforeAll(async () => {
  api = await openLedgerApi('pglite');
  await api.supabase.database.exec(`
    create table public.old_runs (id int primary key, user_id text, workflow_id uuid, state text, started_at timestamptz, finished_at timestamptz);
    insert into public.old_runs
      select n, case when n % 10 = 0 then 'nobody' else '${api.ada.id}' end, '${api.workflow.id}', case when n % 2 = 0 then 'ok' else 'paused' end,
             '2025-01-01', '2025-01-02' from generate_series(1, 25) n;
    grant all on public.old_runs to service_role`);
});
afterAll(() => api?.close());

test('a dry run adds up what its batches would do, and the import then does just that', async () => {
  const service = createImportService(api.admin);
  const options = { statuses: { paused: 'cancelled' }, confirmSince: '2025-06-01T00:00:00Z' } as const;
  expect(await service.describe('old_runs', options)).toMatchObject({
    source: 'public.old_runs',
    key: 'id',
    rows: 25,
    statuses: [
      { status: 'paused', becomes: 'cancelled', rows: 13 },
      { status: 'ok', becomes: 'completed', rows: 12 },
    ],
  });
  const seen: number[] = [];
  const dry = await service.importRuns('old_runs', options, {
    dryRun: true,
    batch: 4,
    onProgress: ({ rows }) => seen.push(rows),
  });
  expect(dry).toMatchObject({ source: 'public.old_runs', rows: 25, taken: 23, known: 0, refused: 2 });
  expect(seen).toEqual([4, 8, 12, 16, 20, 24, 25]);
  expect(await api.service.listExecutions(api.workflow.id)).toHaveLength(0);

  const real = await service.importRuns('old_runs', options, { batch: 4 });
  const withoutExamples = ({ groups, ...totals }: typeof real) => ({
    ...totals,
    groups: groups.map(({ example: _, ...group }) => group),
  });
  expect(withoutExamples(real)).toEqual(withoutExamples(dry));
  expect(real.groups.map(({ status, result, reason, rows, detail }) => [status, result, reason, rows, detail])).toEqual(
    [
      ['paused', 'taken', null, 13, null],
      ['ok', 'taken', null, 10, null],
      ['ok', 'refused', 'its user is not in runledger.users', 2, 'nobody'],
    ],
  );
  expect(await api.service.listExecutions(api.workflow.id)).toHaveLength(23);
  expect(await service.importRuns('old_runs', options)).toMatchObject({ rows: 25, taken: 0, known: 23, refused: 2 });
});

test('a table that is not there, none at all, and a user’s own client are refused', async () => {
  const service = createImportService(api.admin, { call: { retries: 0 } });
  await expect(service.importRuns('nowhere')).rejects.toMatchObject({ code: 'not_found' });
  await expect(service.describe(null)).rejects.toMatchObject({ code: 'invalid_input' });
  await expect(createImportService(api.ada.supabase).importRuns('old_runs')).rejects.toMatchObject({
    code: 'permission_denied',
  });
});
