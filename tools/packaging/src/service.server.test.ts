/** The execution service as users have it: installed from its archive, in a project that knows nothing of this repository. */
import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import type { WorkflowService } from '@runledger/contracts';
import { connectSupabase, createWorkflowService } from '@runledger/execution-service';
import type { LocalSupabase } from '@runledger/local-stack';
import { startTestSupabase } from '@runledger/local-stack';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { InstalledProject } from './install-packed.ts';
import { installPacked, LONGEST_INSTALL_MS } from './install-packed.ts';
import type { ServiceSnippet } from './service-code.ts';
import { writeServiceCode } from './service-code.ts';
import { typeErrors } from './type-errors.ts';

const run = promisify(execFile);
const PASSWORD = 'a long enough password';

let supabase: LocalSupabase;
let workflows: WorkflowService;
let userId: string;
let workflowId: string;
let project: InstalledProject;
let snippets: ServiceSnippet[];

const defineWorkflow = (name: string) =>
  workflows.createWorkflow(userId, { name, workflowType: 'order', taskQueue: 'orders' });

beforeAll(async () => {
  [supabase, project] = await Promise.all([startTestSupabase(), installPacked()]);
  workflows = createWorkflowService(connectSupabase({ url: supabase.url, key: supabase.serviceRoleKey }));
  userId = (await supabase.createUser({ email: 'ada@example.com', password: PASSWORD })).id;
  workflowId = (await defineWorkflow('Order')).id;
  await mkdir(join(project.folder, 'src'));
  snippets = await writeServiceCode(join(project.folder, 'src'));
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
    expect(snippets.length).toBeGreaterThanOrEqual(5);
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
  for (const { file, says } of snippets) {
    const { stdout } = await execute(basename(file), supabase.serviceRoleKey);
    if (says) expect(stdout.trim()).toBe(says);
  }
});
