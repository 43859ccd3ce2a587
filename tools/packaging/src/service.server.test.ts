/** The execution service as users have it: installed from its archive, in a project that knows nothing of this repository. */
import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { WorkflowService } from '@runledger/contracts';
import { connectSupabase, createWorkflowService } from '@runledger/execution-service';
import type { LocalSupabase } from '@runledger/local-stack';
import { startTestSupabase } from '@runledger/local-stack';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { InstalledProject } from './install-packed.ts';
import { installPacked, LONGEST_INSTALL_MS } from './install-packed.ts';
import { typeErrors } from './type-errors.ts';

const run = promisify(execFile);
const README = new URL('../../../packages/execution-service/README.md', import.meta.url);
const readme = await readFile(README, 'utf8');
const blocks = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code as string);

/** What the snippets take as given: who runs what, and a Temporal handle. The handle is a fake of one line. */
const given = `
declare global {
  var workflowId: string;
  var userId: string;
  var handle: { workflowId: string; firstExecutionRunId: string; result(): Promise<unknown> };
}
globalThis.workflowId = process.env.WORKFLOW_ID!;
globalThis.userId = process.env.USER_ID!;
const fakeHandle = { workflowId: crypto.randomUUID(), firstExecutionRunId: crypto.randomUUID(), result: async () => ({ shipped: true }) };
globalThis.handle = fakeHandle;
export {};
`;

/** The code that users have, as it is, in a function that has their names in scope. */
const usersCode = `
import './given.ts';
import { createClient } from '@supabase/supabase-js';
import { createExecutionService } from '@runledger/execution-service';

const ctx = { supabase: createClient(process.env.SUPABASE_URL!, process.env.SUPABASE_KEY!), user: { id: userId } };
const input = { workflowId, input: { amount: 3 } };
const temporalWorkflowId = handle.workflowId;
const startTime = Date.now();

async function runAndRecord(workflowId: string) {
  const executionService = createExecutionService(ctx.supabase);
  const execution = await executionService.createExecution({
    workflowId: input.workflowId, temporalWorkflowId, temporalRunId: handle.firstExecutionRunId, userId: ctx.user.id, input: input.input,
  });
  const executionId = execution.id;
  try {
    const result = await handle.result();
    await executionService.markCompleted(executionId, result, Date.now() - startTime);
  } catch (error: any) {
    await executionService.markFailed(executionId, error.message);
  }
  const stats = await executionService.getStats(workflowId);
  return [stats.successRate, typeof stats.avgDuration, stats.total];
}
console.log(JSON.stringify(await runAndRecord(workflowId).catch((error) => [error.name, error.code])));
`;

const PASSWORD = 'a long enough password';

let supabase: LocalSupabase;
let workflows: WorkflowService;
let userId: string;
let workflowId: string;
let project: InstalledProject;

const defineWorkflow = (name: string) =>
  workflows.createWorkflow(userId, { name, workflowType: 'order', taskQueue: 'orders' });

beforeAll(async () => {
  [supabase, project] = await Promise.all([startTestSupabase(), installPacked()]);
  workflows = createWorkflowService(connectSupabase({ url: supabase.url, key: supabase.serviceRoleKey }));
  userId = (await supabase.createUser({ email: 'ada@example.com', password: PASSWORD })).id;
  workflowId = (await defineWorkflow('Order')).id;
  await mkdir(join(project.folder, 'src'));
  await writeFile(join(project.folder, 'src', 'given.ts'), given);
  await writeFile(join(project.folder, 'src', 'users-code.ts'), usersCode);
  for (const [i, code] of blocks.entries())
    await writeFile(join(project.folder, 'src', `snippet-${i}.ts`), `import './given.ts';\n${code}`);
}, LONGEST_INSTALL_MS);

afterAll(async () => {
  await supabase?.stop();
  await project?.[Symbol.asyncDispose]();
});

function execute(file: string, key: string, workflow = workflowId) {
  return run(process.execPath, [join('src', file)], {
    cwd: project.folder,
    env: {
      ...process.env,
      SUPABASE_URL: supabase.url,
      SUPABASE_KEY: key,
      SUPABASE_SERVICE_ROLE_KEY: supabase.serviceRoleKey,
      WORKFLOW_ID: workflow,
      USER_ID: userId,
    },
  });
}

test.each(['nodenext', 'bundler'] as const)(
  'the users’ code and every snippet of the README type-check strictly in an empty project, resolved as by %s',
  async (moduleResolution) => {
    expect(blocks.length).toBeGreaterThanOrEqual(5);
    expect(await typeErrors(project.folder, moduleResolution)).toEqual([]);
  },
);

test('the users’ code runs as it is with a service-role client, and tells a user’s client what it needs', async () => {
  const { id } = await defineWorkflow('Packed');
  const served = await execute('users-code.ts', supabase.serviceRoleKey, id);
  expect(JSON.parse(served.stdout)).toEqual([100, 'number', 1]);
  const refused = await execute('users-code.ts', supabase.anonKey);
  expect(JSON.parse(refused.stdout)).toEqual(['ExecutionError', 'permission_denied']);
});

test('every snippet of the README runs, and prints what its comments say', async () => {
  for (const [i, code] of blocks.entries()) {
    const { stdout } = await execute(`snippet-${i}.ts`, supabase.serviceRoleKey);
    const said = code.match(/console\.log\([^)]*\); \/\/ (.+)/)?.[1];
    if (said) expect(stdout.trim()).toBe(said);
  }
});
