import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { LocalTemporal } from '@runledger/local-stack';
import { assertPortFree, findTemporalBinary, startTemporal } from '@runledger/local-stack';
import type { Child } from './child.ts';
import { startChild } from './child.ts';
import { demoStartable } from './definitions.ts';
import type { DemoEnv } from './env.ts';
import type { Step } from './progress.ts';
import type { Secrets } from './secrets.ts';
import { readOrCreateSecrets, writePrivately } from './secrets.ts';

export interface Stack {
  apiUrl: string;
  supabaseUrl: string;
  temporalUiUrl: string | null;
  temporal: LocalTemporal;
  secrets: Secrets;
  namespace: string;
  /** Rejects when a part ends by itself, with its name and the end of its log. */
  failed: Promise<never>;
  stop(): Promise<void>;
}

const HOST = '127.0.0.1';

async function assertPortsFree(env: DemoEnv): Promise<void> {
  await assertPortFree(env.RUNLEDGER_API_PORT, 'The API', 'RUNLEDGER_API_PORT');
  await assertPortFree(env.RUNLEDGER_SUPABASE_PORT, 'The Supabase API', 'RUNLEDGER_SUPABASE_PORT');
  if (env.TEMPORAL_ADDRESS) return;
  await assertPortFree(env.RUNLEDGER_TEMPORAL_PORT, 'Temporal', 'RUNLEDGER_TEMPORAL_PORT');
  await assertPortFree(env.RUNLEDGER_TEMPORAL_UI_PORT, 'Temporal’s web page', 'RUNLEDGER_TEMPORAL_UI_PORT');
}

/** Waits for all, also when one fails, so that none is left behind unseen. */
async function allStarted<T extends readonly Promise<Child>[]>(
  starting: readonly [...T],
): Promise<{ [K in keyof T]: Child }> {
  const results = await Promise.allSettled(starting);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
  return results.map((result) => (result as PromiseFulfilledResult<Child>).value) as { [K in keyof T]: Child };
}

/** Everything that the product needs, as processes of this machine: parts that a team has running already stay theirs. */
export async function startStack(env: DemoEnv, step: Step): Promise<Stack> {
  const dir = env.RUNLEDGER_DIR;
  await assertPortsFree(env);
  await mkdir(dir, { recursive: true, mode: 0o700 });
  await rm(join(dir, 'local.json'), { force: true });
  const secrets = await readOrCreateSecrets(dir);
  const stops: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const end of stops.splice(0).reverse()) await end();
    await rm(join(dir, 'local.json'), { force: true });
  };
  let fail: (error: Error) => void = () => {};
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  failed.catch(() => {});

  async function child(name: string, file: URL, variables: Record<string, string>): Promise<Child> {
    const started = await startChild(name, file, variables);
    let stopping = false;
    stops.push(async () => {
      stopping = true;
      await started.process.end('SIGTERM', 10_000);
    });
    started.process.ended.then(() => {
      if (!stopping) fail(new Error(`${name} has ended. The end of its log:\n${started.process.tail()}`));
    });
    return started;
  }

  try {
    const supabaseUrl = `http://${HOST}:${env.RUNLEDGER_SUPABASE_PORT}`;
    const supabase = await step('Supabase API on PGlite, migrations applied', () =>
      child('The Supabase API', new URL('./supabase-server.ts', import.meta.url), {
        DATA_DIR: join(dir, 'postgres'),
        PORT: `${env.RUNLEDGER_SUPABASE_PORT}`,
        JWT_SECRET: secrets.keys.jwtSecret,
        PUBLISHABLE_KEY: secrets.keys.publishableKey,
        SECRET_KEY: secrets.keys.secretKey,
      }),
    );

    if (!env.TEMPORAL_ADDRESS) await step('Temporal CLI found', () => findTemporalBinary({}));
    const temporal = await step(env.TEMPORAL_ADDRESS ? 'Temporal joined' : 'Temporal dev server', () =>
      startTemporal({
        address: env.TEMPORAL_ADDRESS ?? null,
        dbFilename: join(dir, 'temporal.db'),
        port: env.RUNLEDGER_TEMPORAL_PORT,
        uiPort: env.RUNLEDGER_TEMPORAL_UI_PORT,
        namespaces: [env.RUNLEDGER_TEMPORAL_NAMESPACE],
      }),
    );
    let temporalStopping = false;
    stops.push(async () => {
      temporalStopping = true;
      await temporal.stop();
    });
    temporal.ended.then(() => {
      if (!temporalStopping) fail(new Error(`Temporal has ended. The end of its log:\n${temporal.tail()}`));
    });

    const connections = {
      SUPABASE_URL: supabaseUrl,
      SUPABASE_ANON_KEY: secrets.keys.publishableKey,
      SUPABASE_SERVICE_ROLE_KEY: secrets.keys.secretKey,
      TEMPORAL_ADDRESS: temporal.address,
      TEMPORAL_NAMESPACE: env.RUNLEDGER_TEMPORAL_NAMESPACE,
      LOG_LEVEL: 'warn',
    };
    const [api, worker, demo] = await allStarted([
      step('API', () =>
        child('The API', new URL('../../api/src/main.ts', import.meta.url), {
          ...connections,
          HOST,
          PORT: `${env.RUNLEDGER_API_PORT}`,
          SUPABASE_JWT_SECRET: secrets.keys.jwtSecret,
          RUNLEDGER_STARTABLE: JSON.stringify(demoStartable(env.RUNLEDGER_TEMPORAL_NAMESPACE)),
        }),
      ),
      step('Worker with the monitor', () =>
        child('The worker', new URL('../../worker/src/main.ts', import.meta.url), {
          ...connections,
          LOG_LEVEL: 'info',
          RUNLEDGER_RECONCILE_PERIOD_MS: '10000',
        }),
      ),
      step('Demo workflows', () =>
        child('The demo’s worker', new URL('./demo-worker.ts', import.meta.url), {
          TEMPORAL_ADDRESS: temporal.address,
          TEMPORAL_NAMESPACE: env.RUNLEDGER_TEMPORAL_NAMESPACE,
        }),
      ),
    ]);

    const apiUrl = `http://${HOST}:${env.RUNLEDGER_API_PORT}`;
    await writePrivately(join(dir, 'local.json'), {
      apiUrl,
      dashboardUrl: null,
      supabaseUrl,
      supabaseAnonKey: secrets.keys.publishableKey,
      supabaseServiceRoleKey: secrets.keys.secretKey,
      temporalAddress: temporal.address,
      temporalNamespace: env.RUNLEDGER_TEMPORAL_NAMESPACE,
      temporalCli: temporal.cli ?? null,
      demoUsers: secrets.demoUsers,
      pids: {
        main: process.pid,
        supabase: supabase.process.pid,
        temporal: temporal.pid ?? null,
        api: api.process.pid,
        worker: worker.process.pid,
        demo: demo.process.pid,
      },
    });
    return {
      apiUrl,
      supabaseUrl,
      temporalUiUrl: temporal.uiUrl ?? null,
      temporal,
      secrets,
      namespace: env.RUNLEDGER_TEMPORAL_NAMESPACE,
      failed,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
