import { createClient } from '@supabase/supabase-js';
import { expect, test, vi } from 'vitest';
import { startSupabase } from './supabase.ts';
import { startTcpProxy } from './tcp-proxy.ts';
import { createTestDatabase } from './test-database.ts';

test('while the catalog cannot be read, nothing is said to be missing: 503, until the database is back', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  await using postgres = await createTestDatabase('postgres-17');
  const url = new URL(postgres.url ?? '');
  await using proxy = await startTcpProxy({ target: url.host });
  url.host = proxy.address;
  await using supabase = await startSupabase({ database: { kind: 'postgres', url: url.href }, migrate: false });
  const options = { auth: { persistSession: false, autoRefreshToken: false }, db: { schema: 'runledger' } };
  const client = createClient(supabase.url, supabase.serviceRoleKey, options);

  await supabase.reloadSchema();
  proxy.cut();
  const [table, called] = await Promise.all([client.from('workflows').select('id'), client.rpc('schema_version')]);
  // Before anything is asserted: while it is cut, nothing here can be stopped.
  proxy.restore();
  expect([table.status, called.status]).toEqual([503, 503]);
  expect([table.error?.code, called.error?.code]).toEqual(['PGRST002', 'PGRST002']);

  await expect.poll(async () => (await client.from('workflows').select('id')).status).toBe(200);
  expect((await client.from('nothing').select('id')).status).toBe(404);
});
