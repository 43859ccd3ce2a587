/** A client that a stranger's generator makes of `/openapi.json`, called against the real API. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { connectSupabase, createMachineKeyService } from '@runledger/execution-service';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ApiFixture } from '../fixtures/api-fixture.ts';
import { ORDER, startApiFixture } from '../fixtures/api-fixture.ts';

const run = promisify(execFile);
const here = (name: string) => fileURLToPath(new URL(`python/${name}`, import.meta.url));
const cache = fileURLToPath(new URL('../../../../node_modules/.cache/runledger/', import.meta.url));
/** For pip on a slow line; nothing is decided by it. */
const INSTALL_MS = 600_000;

let fixture: ApiFixture;
beforeAll(async () => {
  fixture = await startApiFixture();
});
afterAll(() => fixture?.[Symbol.asyncDispose]());

/** The generator in a folder of its own, installed once for each list of versions. */
async function installed(): Promise<string> {
  const requirements = here('requirements.txt');
  const versions = createHash('sha256')
    .update(await readFile(requirements))
    .digest('hex');
  const folder = join(cache, `python-client-${versions.slice(0, 16)}`);
  if (existsSync(folder)) return folder;
  await mkdir(cache, { recursive: true });
  const half = await mkdtemp(join(cache, 'python-client-'));
  const quietly = ['--quiet', '--disable-pip-version-check', '--no-input', '--no-deps'];
  await run('python3', ['-m', 'pip', 'install', ...quietly, '--target', half, '--requirement', requirements]);
  // Whoever was faster has the same.
  await rename(half, folder).catch(() => rm(half, { recursive: true }));
  return folder;
}

test(
  'a Python client generated from /openapi.json lists, creates, reads, counts and reports',
  async () => {
    const folder = await installed();
    const work = await mkdtemp(join(cache, 'generated-'));
    try {
      const env = { PATH: process.env.PATH, PYTHONPATH: `${folder}:${work}`, HOME: work, NO_COLOR: '1' };
      const path = join(work, 'openapi.json');
      await writeFile(path, await (await fetch(`${fixture.api.url}/openapi.json`)).text());
      const asked = ['--path', path, '--output-path', join(work, 'runledger_client'), '--meta', 'none'];
      const config = ['--config', here('config.yml'), '--fail-on-warning'];
      await run('python3', ['-m', 'openapi_python_client', 'generate', ...asked, ...config], { env });

      const anna = await fixture.signUp('anna');
      const { id: workflowId } = await anna.client.workflow.create.mutate(ORDER);
      const { supabase } = fixture;
      const service = connectSupabase({ url: supabase.url, key: supabase.serviceRoleKey });
      const { key } = await createMachineKeyService(service).createKey({ name: 'python worker' });
      const given = { API_URL: fixture.api.url, WORKFLOW_ID: workflowId, USER_TOKEN: anna.token, PROGRAM_KEY: key };
      const { stdout } = await run('python3', [here('use_client.py')], { env: { ...env, ...given } });
      const said = JSON.parse(stdout);
      const { id } = said.created;
      expect(said).toMatchObject({
        created: { status: 'running', input: { amount: 3 }, workflow: { id: workflowId, name: 'Order' } },
        listed: [{ id, tags: ['python'] }],
        got: { id, status: 'running', inputBytes: 13 },
        byAddress: { id },
        report: { end: { result: 'applied', executionId: id, status: 'completed' }, progress: null },
        stats: { total: 1, completed: 1 },
        refused: { error: { data: { executionCode: 'not_found' } } },
      });
      const read = await anna.client.execution.getExecution.query({ id });
      expect(read).toMatchObject({ status: 'completed', output: { total: 7 }, endedBy: 'key python worker' });
    } finally {
      await rm(work, { recursive: true });
    }
  },
  INSTALL_MS,
);
