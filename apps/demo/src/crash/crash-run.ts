import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { executionErrorCode, isWorthRetrying } from '@runledger/client';
import { createSupabaseKeys, createTestDatabase, freePort, startSupabase, startTemporal } from '@runledger/local-stack';
import { Client, Connection } from '@temporalio/client';
import type { CatalogEntry } from '../catalog.ts';
import { defineWorkflows } from '../catalog.ts';
import type { Child } from '../child.ts';
import { startChild } from '../child.ts';
import { demoStartable } from '../definitions.ts';
import type { SignedIn } from '../sign-in.ts';
import { signIn } from '../sign-in.ts';
import type { Difference } from './compare-with-engine.ts';
import { compareWithEngine } from './compare-with-engine.ts';

export interface CrashRunOptions {
  executions: number;
  /** kill -9 and restart, spread over the run. */
  workerKills: number;
  apiKills: number;
  say?: (line: string) => void;
}

export interface CrashReport {
  requested: number;
  rows: number;
  byStatus: Record<string, number>;
  differences: Difference[];
  workerKills: number;
  apiKills: number;
}

/** How long after the last start everything must have settled. */
const SETTLED_WITHIN_MS = 120_000;

const killAndRestart = async (child: Child, start: () => Promise<Child>): Promise<Child> => {
  await child.process.end('SIGKILL');
  return start();
};

/** Repeats a call however often the API goes away meanwhile. */
async function insist<T>(call: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call();
    } catch (error) {
      if (attempt === 60 || !(isWorthRetrying(error) || executionErrorCode(error) === null)) throw error;
      await pause(500);
    }
  }
}

/** Starts the n-th execution, once by its idempotency key; some are then cancelled, some terminated. */
async function startNth(n: number, users: SignedIn[], catalog: CatalogEntry[]): Promise<void> {
  const { execution } = (users[n % users.length] as SignedIn).client;
  const { workflow, inputs } = catalog[n % catalog.length] as CatalogEntry;
  const request = { workflowId: workflow.id, input: inputs[n % inputs.length] as never, idempotencyKey: randomUUID() };
  const { id } = await insist(() => execution.createExecution.mutate(request));
  if (workflow.workflowType === 'transcodeVideo') {
    await insist(() => execution.cancelExecution.mutate({ id, reason: 'not needed any more' }));
  } else if (n % 9 === 0) {
    await insist(() => execution.terminateExecution.mutate({ id, reason: 'stopped by its user' }));
  }
}

/**
 * Executions through the API while the worker and the API are killed and restarted; then every row against what
 * Temporal says. Real Postgres, real Temporal, real processes; everything ends with it.
 */
export async function crashRun({
  executions,
  workerKills,
  apiKills,
  say = () => {},
}: CrashRunOptions): Promise<CrashReport> {
  const keys = createSupabaseKeys();
  await using database = await createTestDatabase('postgres-17');
  await using supabase = await startSupabase({ database: { kind: 'postgres', url: database.url as string }, ...keys });
  await using temporal = await startTemporal({ address: null });
  const apiPort = await freePort();
  const connections = {
    SUPABASE_URL: supabase.url,
    SUPABASE_ANON_KEY: keys.publishableKey,
    SUPABASE_SERVICE_ROLE_KEY: keys.secretKey,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: 'default',
  };
  const startApi = () =>
    startChild('The API', new URL('../../../api/src/main.ts', import.meta.url), {
      ...connections,
      PORT: `${apiPort}`,
      SUPABASE_JWT_SECRET: keys.jwtSecret,
      RUNLEDGER_STARTABLE: JSON.stringify(demoStartable('default')),
      LOG_LEVEL: 'warn',
    });
  const startWorker = () =>
    startChild('The worker', new URL('../../../worker/src/main.ts', import.meta.url), {
      ...connections,
      RUNLEDGER_RECONCILE_PERIOD_MS: '5000',
    });
  let [api, worker] = [await startApi(), await startWorker()];
  const demo = await startChild('The demo’s worker', new URL('../demo-worker.ts', import.meta.url), {
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: 'default',
  });
  const connection = await Connection.connect({ address: temporal.address });
  const users: SignedIn[] = [];
  try {
    const urls = { apiUrl: `http://127.0.0.1:${apiPort}`, supabaseUrl: supabase.url, anonKey: keys.publishableKey };
    for (const name of ['ada', 'grace']) {
      users.push(await signIn({ email: `${name}@example.com`, password: 'a long enough password' }, urls));
    }
    const catalog = await defineWorkflows(users[0] as SignedIn, 'default');
    let started = 0;
    let stopKilling = false;
    const killing = (async () => {
      const kills = [...Array(workerKills).fill('worker'), ...Array(apiKills).fill('api')] as ('worker' | 'api')[];
      for (const [i, target] of kills.toSorted(() => Math.random() - 0.5).entries()) {
        while (!stopKilling && started < (executions * (i + 1)) / (kills.length + 1)) await pause(50);
        say(`kill -9 the ${target} after ${started} starts`);
        if (target === 'worker') worker = await killAndRestart(worker, startWorker);
        else api = await killAndRestart(api, startApi);
      }
    })();
    const starter = async () => {
      while (started < executions) {
        const n = started++;
        await startNth(n, users, catalog);
      }
    };
    await Promise.all([starter(), starter(), starter(), starter()]).finally(() => {
      stopKilling = true;
    });
    await killing;

    const unsettled = async () => {
      const [row] = await database.query<{ n: number }>('select count(*)::int as n from public.execution_checks');
      return row?.n ?? 0;
    };
    for (const deadline = Date.now() + SETTLED_WITHIN_MS; (await unsettled()) > 0 && Date.now() < deadline; )
      await pause(250);
    const rows = await database.query<{ status: string }>('select status from public.workflow_executions');
    return {
      requested: executions,
      rows: rows.length,
      byStatus: Object.fromEntries(
        Object.entries(Object.groupBy(rows, ({ status }) => status)).map(([status, of]) => [status, of?.length ?? 0]),
      ),
      differences: await compareWithEngine(database, new Client({ connection, namespace: 'default' })),
      workerKills,
      apiKills,
    };
  } finally {
    for (const user of users) user.close();
    await connection.close();
    await Promise.all([api, worker, demo].map((child) => child.process.end('SIGTERM')));
  }
}
