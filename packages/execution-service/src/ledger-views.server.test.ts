import type { ViewContent } from '@runledger/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LedgerApi } from './fixtures/open-ledger-api.ts';
import { openLedgerApi } from './fixtures/open-ledger-api.ts';

let api: LedgerApi;
beforeAll(async () => {
  api = await openLedgerApi('pglite');
});
afterAll(() => api?.close());

const VIEW: ViewContent = {
  ...{ name: 'Failed', filter: 'status=failed&from=-24h', columns: ['status', 'user'], orderBy: 'duration' },
  ...{ orderDirection: 'asc', timeZone: 'Europe/Berlin', isShared: true },
};

test('a view comes back as it was saved, and goes when its owner deletes it', async () => {
  const { ledger, ada, bob } = api;
  const saved = await ledger.saveView(ada.id, VIEW, null);
  expect(saved).toEqual({
    ...VIEW,
    ...{ id: expect.any(String), isOwn: true, createdAt: expect.any(String), updatedAt: expect.any(String) },
  });
  const id = saved?.id as string;
  expect(await ledger.listViews(ada.id)).toEqual([saved]);
  expect(await ledger.getView(bob.id, id)).toEqual({ ...saved, isOwn: false });
  const renamed = await ledger.saveView(ada.id, { ...VIEW, name: 'Slow', isShared: false }, id);
  expect(renamed).toMatchObject({ id, name: 'Slow' });
  expect(await ledger.getView(bob.id, id)).toBeNull();
  expect(await ledger.saveView(bob.id, VIEW, id)).toBeNull();
  expect([await ledger.deleteView(bob.id, id), await ledger.deleteView(ada.id, id)]).toEqual([false, true]);
  expect(await ledger.listViews(ada.id)).toEqual([]);
});

test('the hundred and first view is refused, a second of the same name is not another one', async () => {
  const { ledger, bob } = api;
  for (let n = 0; n < 100; n += 1) await ledger.saveView(bob.id, { ...VIEW, name: `View ${n}` }, null);
  await expect(ledger.saveView(bob.id, VIEW, null)).rejects.toMatchObject({ code: 'quota_exceeded' });
  await ledger.saveView(bob.id, { ...VIEW, name: 'View 7' }, null);
  expect(await ledger.listViews(bob.id)).toHaveLength(100);
  const [first, second] = await ledger.listViews(bob.id);
  const taken = ledger.saveView(bob.id, { ...VIEW, name: first?.name as string }, second?.id as string);
  await expect(taken).rejects.toMatchObject({ code: 'conflict' });
});
