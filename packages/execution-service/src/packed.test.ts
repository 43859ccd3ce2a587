import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LedgerApi } from './fixtures/open-ledger-api.ts';
import { openLedgerApi } from './fixtures/open-ledger-api.ts';

const run = promisify(execFile);
const repository = fileURLToPath(new URL('../../..', import.meta.url));
const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
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

let api: LedgerApi;
let project: string;

beforeAll(async () => {
  api = await openLedgerApi('pglite');
  project = await mkdtemp(join(tmpdir(), 'runledger-packed-'));
  const pnpm = join(repository, 'node_modules', '.bin', 'pnpm');
  for (const name of ['contracts', 'execution-service']) {
    await run(pnpm, ['pack', '--pack-destination', project], {
      cwd: join(repository, 'packages', name),
    });
  }
  const archives = (await readdir(project)).filter((file) => file.endsWith('.tgz'));
  await writeFile(join(project, 'package.json'), '{ "type": "module", "private": true }');
  await run(
    'npm',
    [
      'install',
      '--prefer-offline',
      '--no-audit',
      '--no-fund',
      '@supabase/supabase-js@2.119.0',
      '@types/node@24',
      ...archives.map((file) => `./${file}`),
    ],
    { cwd: project },
  );
  await mkdir(join(project, 'src'));
  await writeFile(join(project, 'src', 'given.ts'), given);
  await writeFile(join(project, 'src', 'users-code.ts'), usersCode);
  for (const [i, code] of blocks.entries())
    await writeFile(join(project, 'src', `snippet-${i}.ts`), `import './given.ts';\n${code}`);
  await writeFile(
    join(project, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: {
        target: 'es2024',
        module: 'nodenext',
        strict: true,
        noEmit: true,
        skipLibCheck: true,
        allowImportingTsExtensions: true,
        types: ['node'],
      },
      include: ['src'],
    }),
  );
});

afterAll(async () => {
  await api?.close();
  await rm(project, { recursive: true, force: true });
});

function execute(file: string, key: string, userId = api.ada.id) {
  return run(process.execPath, [join('src', file)], {
    cwd: project,
    env: {
      ...process.env,
      SUPABASE_URL: api.supabase.url,
      SUPABASE_KEY: key,
      SUPABASE_SERVICE_ROLE_KEY: api.supabase.serviceRoleKey,
      WORKFLOW_ID: api.workflow.id,
      USER_ID: userId,
    },
  });
}

test('the packed package type-checks in an empty project, with the users’ code and every snippet of the README', async () => {
  expect(blocks.length).toBeGreaterThanOrEqual(5);
  await run(join(repository, 'node_modules', '.bin', 'tsc'), ['-p', project]).catch((error: { stdout: string }) => {
    throw new Error(error.stdout);
  });
});

test('the users’ code runs as it is with a service-role client, and tells a user’s client what it needs', async () => {
  const workflow = await api.workflows.createWorkflow(api.ada.id, {
    name: 'Packed',
    workflowType: 't',
    taskQueue: 'q',
  });
  const served = await run(process.execPath, [join('src', 'users-code.ts')], {
    cwd: project,
    env: {
      ...process.env,
      SUPABASE_URL: api.supabase.url,
      SUPABASE_KEY: api.supabase.serviceRoleKey,
      WORKFLOW_ID: workflow.id,
      USER_ID: api.ada.id,
    },
  });
  expect(JSON.parse(served.stdout)).toEqual([100, 'number', 1]);
  const refused = await execute('users-code.ts', api.supabase.anonKey);
  expect(JSON.parse(refused.stdout)).toEqual(['ExecutionError', 'permission_denied']);
});

test('every snippet of the README runs, and prints what its comments say', async () => {
  for (const [i, code] of blocks.entries()) {
    const { stdout } = await execute(`snippet-${i}.ts`, api.supabase.serviceRoleKey);
    const said = code.match(/console\.log\([^)]*\); \/\/ (.+)/)?.[1];
    if (said) expect(stdout.trim()).toBe(said);
  }
});
