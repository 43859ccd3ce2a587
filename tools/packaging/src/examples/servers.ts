/** The examples that have no page: what each does, and how that is seen. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connectSupabase, createMachineKeyService } from '@runledger/execution-service';
import { freePort } from '@runledger/local-stack';
import { runScript } from './run-script.ts';
import { settled } from './settled.ts';
import type { ExampleStack } from './stack.ts';

/** Runs an example in its folder, on the stack. @throws AssertionError where it does not do what its README says */
export type Example = (folder: string, stack: ExampleStack) => Promise<void>;

const TEA = { item: 'a secret tea' };
const PACKED = { packed: TEA.item };
const IS_UP = /Open +(http:\S+)/;

const serviceOnly: Example = async (folder, stack) => {
  const { id } = await stack.signUp('service-only');
  await using script = runScript(folder, ['start'], { ...(await stack.variables()), USER_ID: id });
  const [, said] = /```text\n([\s\S]*?)```/.exec(await readFile(join(folder, 'README.md'), 'utf8')) ?? [];
  assert.equal(await script.succeeded(), said);
};

/** With Hono and with Express: two backends that do the same. */
const backend =
  (framework: string): Example =>
  async (folder, stack) => {
    const variables = { ...(await stack.variables()), SHOP_PORT: `${await freePort()}` };
    await using script = runScript(folder, ['start'], variables);
    const [, shop = ''] = await script.written(/The shop is at (http:\S+)/);
    const api = `${shop}/api/runledger`;
    const anna = await stack.signUp(`anna-of-${framework}`);
    const workflowId = await anna.defineWorkflow(api);
    const order = (headers: Record<string, string>, body: unknown) =>
      fetch(`${shop}/orders`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      });
    const signedIn = { authorization: `Bearer ${anna.token}` };
    const placed = await order(signedIn, { workflowId, ...TEA });
    assert.equal(placed.status, 202);
    const { id } = (await placed.json()) as { id: string };
    const { status, output } = await settled(anna.client(api), id, script);
    assert.deepEqual({ status, output }, { status: 'completed', output: PACKED });
    assert.equal((await order({}, { workflowId, ...TEA })).status, 401);
    assert.equal((await order(signedIn, {})).status, 400);
    assert.equal(await (await fetch(shop)).text(), 'The shop is open.');
  };

const schedules: Example = async (folder, stack) => {
  const variables = await stack.variables();
  await using script = runScript(folder, ['start'], variables);
  const [, api = ''] = await script.written(IS_UP);
  const anna = await stack.signUp('anna-with-a-schedule');
  await anna.defineWorkflow(api, { workflowType: 'nightlyReport', taskQueue: 'reports' });
  await using schedule = runScript(folder, ['schedule', anna.id], variables);
  await schedule.succeeded();
  const client = anna.client(api);
  for (;;) {
    const { items } = await client.execution.listExecutions.query();
    const [run] = items;
    if (!run) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      continue;
    }
    const { status, output, origin } = await settled(client, run.id, script);
    assert.deepEqual({ status, output, by: origin }, { status: 'completed', output: { pages: 8 }, by: 'schedule' });
    return;
  }
};

const encryption: Example = async (folder, stack) => {
  await using key = runScript(folder, ['create-key']);
  await key.succeeded();
  await using script = runScript(folder, ['start'], await stack.variables());
  const [, api = ''] = await script.written(IS_UP);
  const anna = await stack.signUp('anna-in-secret');
  const client = anna.client(api);
  const { id } = await client.execution.createExecution.mutate({
    workflowId: await anna.defineWorkflow(api),
    input: TEA,
  });
  const { status, output, temporalWorkflowId } = await settled(client, id, script);
  assert.deepEqual({ status, output }, { status: 'completed', output: PACKED });
  const history = await stack.history(temporalWorkflowId as string);
  assert.ok(history.includes('binary/encrypted'), 'Temporal has payloads of the codec');
  assert.ok(!history.includes(TEA.item), 'Temporal has nothing of the input or the output in clear');
};

const reportingWorker: Example = async (folder, stack) => {
  const variables = await stack.variables();
  await using script = runScript(folder, ['start'], variables);
  const [, api = ''] = await script.written(IS_UP);
  const ledger = connectSupabase({ url: stack.supabase.url, key: stack.supabase.serviceRoleKey });
  const { key } = await createMachineKeyService(ledger).createKey({ name: 'orders worker' });
  await using worker = runScript(folder, ['worker'], {
    TEMPORAL_ADDRESS: stack.temporal.address,
    RUNLEDGER_KEY: key,
    RUNLEDGER_REPORT_URL: `${api}/report`,
  });
  const anna = await stack.signUp('anna-of-the-reports');
  const client = anna.client(api);
  const { id } = await client.execution.createExecution.mutate({
    workflowId: await anna.defineWorkflow(api),
    input: TEA,
  });
  const { status } = await settled(client, id, worker);
  const progress = await client.execution.getProgress.query({ id });
  assert.deepEqual([status, progress?.message], ['completed', `packing ${TEA.item}`]);
};

export const SERVERS: Readonly<Record<string, Example>> = {
  'service-only': serviceOnly,
  'existing-backend': backend('hono'),
  express: backend('express'),
  schedules,
  encryption,
  'reporting-worker': reportingWorker,
};
