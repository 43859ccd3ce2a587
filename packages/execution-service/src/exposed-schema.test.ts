import type { LocalSupabase } from '@runledger/local-stack';
import { startSupabase } from '@runledger/local-stack';
import { createClient } from '@supabase/supabase-js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createExecutionReader } from './execution-reader.ts';
import { createExecutionService } from './execution-service.ts';
import { createImportService } from './import-service.ts';
import { createLedger } from './ledger.ts';
import { createQuotaService } from './quota-service.ts';
import { createRetentionService } from './retention-service.ts';
import { createWorkflowService } from './workflow-service.ts';

/** As hosts make it: it knows nothing of the ledger's schema. */
const ordinaryClient = ({ url, serviceRoleKey }: LocalSupabase) =>
  createClient(url, serviceRoleKey, { auth: { persistSession: false, autoRefreshToken: false } });

describe('in a project that exposes the schema', () => {
  let supabase: LocalSupabase;
  beforeAll(async () => {
    supabase = await startSupabase({ database: { kind: 'pglite' } });
  });
  afterAll(() => supabase.stop());

  test('an ordinary client is all that is needed, and goes on reading the application’s own tables', async () => {
    await supabase.database.exec(`create table public.workflow_executions (id int primary key, mine text);
      insert into public.workflow_executions values (1, 'yes');
      insert into runledger.users (id) values ('anna')`);
    await supabase.reloadSchema();
    const client = ordinaryClient(supabase);
    const service = createExecutionService(client);
    const { id: workflowId } = await createWorkflowService(client).createWorkflow('anna', {
      name: 'Order',
      workflowType: 'order',
      taskQueue: 'demo',
    });
    const { id } = await service.createExecution({ workflowId, userId: 'anna' });
    expect(await service.getExecutionById(id)).toMatchObject({ id, status: 'running' });
    await createLedger(client).ping();
    expect((await client.from('workflow_executions').select('*')).data).toEqual([{ id: 1, mine: 'yes' }]);
  });
});

describe('in a project that does not expose the schema', () => {
  let supabase: LocalSupabase;
  beforeAll(async () => {
    supabase = await startSupabase({ database: { kind: 'pglite' }, schemas: ['public'] });
  });
  afterAll(() => supabase.stop());

  test.each<[string, (client: ReturnType<typeof ordinaryClient>) => Promise<unknown>]>([
    ['a table', (client) => createExecutionService(client).getExecution('0199d8f1-5b4c-7d7e-8f90-1b2c3d4e5f60')],
    ['a function', (client) => createLedger(client).ping()],
    ['a report, which falls back to an update', (client) => createExecutionService(client).markCompleted('x')],
    [
      'a reader',
      (client) =>
        createExecutionReader({ asCaller: client, asService: client }).countEnded({ userId: 'anna' }, undefined),
    ],
    ['the workflows', (client) => createWorkflowService(client).listWorkflows('anna')],
    ['the quotas', (client) => createQuotaService(client).listQuotas()],
    ['the import', (client) => createImportService(client).describe(null)],
    ['the retention', (client) => createRetentionService(client).prune({ policy: { rows: '365 days' } } as never)],
  ])('%s says where to set it', async (_, call) => {
    await expect(call(ordinaryClient(supabase))).rejects.toMatchObject({
      name: 'ExecutionError',
      code: 'schema_outdated',
      message: expect.stringMatching(/does not expose the schema "runledger".*\[api\].*config\.toml.*Exposed schemas/),
    });
  });
});
