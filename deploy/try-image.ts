/**
 * Assembles what the image holds, and runs it as the image does, where there is no container to be had: each role starts, answers its
 * health check and stops. Prints what it weighs, how long it takes to start and how much memory it takes.
 *   node deploy/try-image.ts
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort, startTemporal, startTestSupabase } from '@runledger/local-stack';

const run = promisify(execFile);
const image = fileURLToPath(new URL('image', import.meta.url));
const root = fileURLToPath(new URL('..', import.meta.url));
const PATH = `${join(root, 'node_modules/.bin')}:${process.env.PATH}`;

const folder = await mkdtemp(join(tmpdir(), 'runledger-image-'));
const [supabase, temporal] = await Promise.all([startTestSupabase(), startTemporal({ address: null })]);
try {
  await run('sh', [join(image, 'assemble.sh'), folder], { maxBuffer: 2 ** 26 });
  const { stdout: size } = await run('du', ['-sm', join(folder, 'app')]);
  console.log(`the application: ${size.split('\t')[0]} MB, beside Node and Debian`);
  const variables = {
    SUPABASE_URL: supabase.url,
    SUPABASE_ANON_KEY: supabase.anonKey,
    SUPABASE_SERVICE_ROLE_KEY: supabase.serviceRoleKey,
    SUPABASE_JWT_SECRET: supabase.jwtSecret,
    TEMPORAL_ADDRESS: temporal.address,
    RUNLEDGER_STARTABLE: '[]',
    NODE_ENV: 'production',
    NODE_COMPILE_CACHE: join(folder, 'compiled'),
  };
  for (const role of ['api', 'dashboard', 'worker']) await tryRole(role, variables);
  const { stdout: help } = await run(join(folder, 'app/deploy/entrypoint.sh'), ['cli', '--help'], { env: { PATH } });
  if (!help.startsWith('Usage: runledger')) throw new Error('cli shows no help');
  const unknown = await run(join(folder, 'app/deploy/entrypoint.sh'), ['server'], { env: { PATH } }).catch((e) => e);
  if (unknown.code !== 2) throw new Error('a role that there is not ends with another code than 2');
  console.log('cli: shows its help; another word is refused');
} finally {
  await Promise.all([temporal.stop(), supabase.stop()]);
  await rm(folder, { recursive: true });
}

async function tryRole(role: string, variables: Record<string, string>): Promise<void> {
  const port = `${await freePort()}`;
  const ports = role === 'worker' ? { RUNLEDGER_HTTP_PORT: port } : { PORT: port };
  const env = { PATH, ...variables, ...ports };
  const began = performance.now();
  const child = spawn(join(folder, 'app/deploy/entrypoint.sh'), [role], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = once(child, 'close');
  try {
    const ready = async () => (await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null))?.ok === true;
    while (!(await ready())) {
      if (child.exitCode !== null) throw new Error(`${role} ended with ${child.exitCode}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const seconds = (performance.now() - began) / 1_000;
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
    const megabytes = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1_024;
    await run(process.execPath, [join(folder, 'app/deploy/health.mjs')], { env });
    if (role === 'dashboard') {
      const page = await fetch(`http://127.0.0.1:${port}/`, { headers: { accept: 'text/html' } });
      if (!(await page.text()).includes('<title>')) throw new Error('the page is not served');
    }
    console.log(
      `${role}: ready after ${seconds.toFixed(1)} s, ${megabytes.toFixed(0)} MB of memory, its health check passes`,
    );
  } finally {
    child.kill('SIGTERM');
  }
  const [code] = await ended;
  if (code !== 0) throw new Error(`${role} ended with ${code} on SIGTERM`);
  const dead = await run(process.execPath, [join(folder, 'app/deploy/health.mjs')], { env }).catch((error) => error);
  if (dead.code !== 1) throw new Error('the health check passes where nothing runs');
}
