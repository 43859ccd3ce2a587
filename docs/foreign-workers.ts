/** Runs what docs/python-and-go.md shows, as a worker beside the product: one execution that says nothing of itself, and one that reports. */
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRunledger } from '@runledger/api';
import { createRunledgerClient } from '@runledger/client';
import { connectSupabase, createMachineKeyService } from '@runledger/execution-service';
import { startTemporal, startTestSupabase } from '@runledger/local-stack';
import { pino } from 'pino';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Writes the blocks of a language, each into the file that its first line names. */
export function writeBlocks(language: 'python' | 'go', folder: string): void {
  const text = readFileSync(join(root, 'docs/python-and-go.md'), 'utf8');
  for (const [, name = '', code = ''] of text.matchAll(
    new RegExp(`\`\`\`${language}\\n(?:#|//) (\\S+)\\n([\\s\\S]*?)\`\`\``, 'g'),
  ))
    writeFileSync(join(folder, name), code);
}

export interface Recorded {
  /** What the ledger says of the two, by whether they report. */
  silent: { status: string; output: unknown; progress: unknown };
  reporting: { status: string; output: unknown; progress: unknown };
}

/** @param startWorker gets the variables that the worker needs; it polls until it is killed. */
export async function recordForeign(
  startWorker: (variables: Record<string, string>) => ChildProcess,
): Promise<Recorded> {
  const [supabase, temporal] = await Promise.all([startTestSupabase(), startTemporal({ address: null })]);
  const variables = {
    SUPABASE_URL: supabase.url,
    SUPABASE_ANON_KEY: supabase.anonKey,
    SUPABASE_SERVICE_ROLE_KEY: supabase.serviceRoleKey,
    SUPABASE_JWT_SECRET: supabase.jwtSecret,
    TEMPORAL_ADDRESS: temporal.address,
    RUNLEDGER_STARTABLE: '[{"workflowType":"order","taskQueue":"orders"}]',
  };
  const runledger = createRunledger({ env: variables, log: pino({ level: 'silent' }) });
  const listening = await runledger.listen({ port: 0, host: '127.0.0.1' });
  const keys = createMachineKeyService(connectSupabase({ url: supabase.url, key: supabase.serviceRoleKey }));
  const { key } = await keys.createKey({ name: 'orders worker' });
  const { PATH = '', NODE_COMPILE_CACHE = '' } = process.env;
  const children = [
    spawn(process.execPath, [join(root, 'apps/worker/src/main.ts')], {
      env: { PATH, NODE_COMPILE_CACHE, ...variables },
      stdio: 'ignore',
    }),
    startWorker({
      TEMPORAL_ADDRESS: temporal.address,
      RUNLEDGER_KEY: key,
      RUNLEDGER_REPORT_URL: `${listening.url}/report`,
    }),
  ];
  try {
    const user = { email: 'anna@example.com', password: 'correct horse battery staple' };
    await supabase.createUser(user);
    const signedIn = await fetch(`${supabase.url}/auth/v1/token?grant_type=password`, {
      method: 'POST',
      headers: { apikey: supabase.anonKey, 'content-type': 'application/json' },
      body: JSON.stringify(user),
    });
    const { access_token: token } = (await signedIn.json()) as { access_token: string };
    const { execution, workflow } = createRunledgerClient({ url: `${listening.url}/trpc`, getToken: () => token });
    const { id: workflowId } = await workflow.create.mutate({ name: 'O', workflowType: 'order', taskQueue: 'orders' });
    const run = async (reports: boolean) => {
      const { id } = await execution.createExecution.mutate({ workflowId, input: { item: 'tea', reports } });
      for (;;) {
        const { status, output } = await execution.getExecution.query({ id });
        if (!['pending', 'running'].includes(status)) {
          const progress = await execution.getProgress.query({ id });
          return { status, output, progress: progress?.message ?? null };
        }
        if (children.some(({ exitCode }) => exitCode !== null)) throw new Error('a worker has ended');
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    };
    const [silent, reporting] = await Promise.all([run(false), run(true)]);
    return { silent, reporting };
  } finally {
    const ended = children.map((child) => (child.exitCode === null ? once(child, 'close') : undefined));
    for (const child of children) child.kill('SIGTERM');
    await Promise.all(ended);
    await listening.drain(1_000);
    await runledger.close();
    await Promise.all([temporal.stop(), supabase.stop()]);
  }
}
