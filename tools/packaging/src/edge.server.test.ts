/** The service and the router in Cloudflare's own runtime, bundled from what is published. */
import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connectSupabase, createWorkflowService } from '@runledger/execution-service';
import type { LocalSupabase } from '@runledger/local-stack';
import { startTestSupabase } from '@runledger/local-stack';
import { Miniflare } from 'miniflare';
import { build } from 'tsdown';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { InstalledProject } from './install-packed.ts';
import { installPacked, LONGEST_INSTALL_MS } from './install-packed.ts';

const SOURCE = fileURLToPath(new URL('./fixtures/edge-worker.ts', import.meta.url));

let supabase: LocalSupabase;
let project: InstalledProject;
let worker: Miniflare;

beforeAll(async () => {
  [supabase, project] = await Promise.all([startTestSupabase(), installPacked()]);
  const workflows = createWorkflowService(connectSupabase({ url: supabase.url, key: supabase.serviceRoleKey }));
  const user = await supabase.createUser({ email: 'ada@example.com', password: 'a long enough password' });
  const workflow = await workflows.createWorkflow(user.id, {
    name: 'Order',
    workflowType: 'order',
    taskQueue: 'orders',
  });
  await copyFile(SOURCE, join(project.folder, 'edge-worker.ts'));
  await build({
    cwd: project.folder,
    config: false,
    entry: 'edge-worker.ts',
    platform: 'browser',
    dts: false,
    logLevel: 'error',
    outExtensions: () => ({ js: '.js' }),
    deps: { alwaysBundle: [/./] },
    outputOptions: { codeSplitting: false },
  });
  const bundle = join(project.folder, 'dist', 'edge-worker.js');
  worker = new Miniflare({
    modules: [{ type: 'ESModule', path: 'worker.js', contents: await readFile(bundle, 'utf8') }],
    compatibilityDate: '2026-07-01',
    host: '127.0.0.1',
    bindings: {
      SUPABASE_URL: supabase.url,
      SUPABASE_SERVICE_ROLE_KEY: supabase.serviceRoleKey,
      USER_ID: user.id,
      WORKFLOW_ID: workflow.id,
    },
  });
}, LONGEST_INSTALL_MS);

afterAll(async () => {
  await worker?.dispose();
  await supabase?.stop();
  await project?.[Symbol.asyncDispose]();
});

const get = async (path: string, headers: Record<string, string> = {}) => {
  const answer = await worker.dispatchFetch(`http://127.0.0.1${path}`, { headers });
  return { status: answer.status, body: await answer.json() };
};

test('a Worker records executions by the service, and walks their list', async () => {
  expect(await get('/record')).toEqual({ status: 200, body: { ends: ['applied', 'applied'], isAnother: true } });
});

test('a Worker serves the router: its owner reads, and nobody else does', async () => {
  const owner = { authorization: 'Bearer theirs' };
  expect(await get('/trpc/execution.listExecutions', owner)).toMatchObject({
    status: 200,
    body: { result: { data: { items: [{ status: 'completed' }, { status: 'completed' }] } } },
  });
  expect((await get('/trpc/execution.listExecutions')).status).toBe(401);
});
