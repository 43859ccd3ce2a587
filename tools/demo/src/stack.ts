import { buildDashboard } from '@runledger/dashboard/build';
import type { LocalTemporal } from '@runledger/local-stack/temporal';
import type { Child, ChildOptions } from './child.ts';
import { startChild, stopChild } from './child.ts';
import { colors } from './colors.ts';
import type { DataFolder } from './data-folder.ts';
import { demoStartable } from './definitions.ts';
import type { DemoEnv } from './env.ts';
import { complaintOf, migrationDetail } from './log-line.ts';
import type { Layer } from './parts.ts';
import { createParts } from './parts.ts';
import type { Progress } from './progress.ts';
import { startReloading } from './reloading-child.ts';
import type { Secrets } from './secrets.ts';
import { readOrCreateSecrets } from './secrets.ts';
import { sourcesOf } from './sources-of.ts';
import { startTemporalPart } from './temporal-part.ts';

export interface Stack {
  apiUrl: string;
  supabaseUrl: string;
  temporal: LocalTemporal;
  secrets: Secrets;
  pids: Record<'main' | 'supabase' | 'temporal' | 'api' | 'worker' | 'demo', number | null>;
  stop(): Promise<void>;
}

export interface StackOptions {
  env: DemoEnv;
  folder: DataFolder;
  progress: Progress;
  /** Takes each error that a part logs. */
  complain(error: unknown): void;
  /** Starts the API and the worker anew when their source changes. */
  watch: boolean;
  /** Aborted by whoever wants an end; and by the stack, with the error, when a part ends by itself or does not start. */
  ending: AbortController;
}

const HOST = '127.0.0.1';

/**
 * Starts everything that the product needs, as processes of this machine, side by side where they do not need each other.
 * @throws the reason of `ending`, once all that had been started is gone again
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { env, folder, progress, ending, complain, watch } = options;
  const { signal } = ending;
  const parts = createParts((error) => ending.abort(error));
  const secrets = await readOrCreateSecrets(folder.path('secrets.json'));
  const namespace = env.RUNLEDGER_TEMPORAL_NAMESPACE;

  /** Starts a part and keeps it; the first that fails ends the starts of all others, so that nobody waits for them. */
  async function start<T>(starting: Promise<T>): Promise<T> {
    return starting.catch((error) => {
      ending.abort(error);
      throw error;
    });
  }

  /** How a file is started as a process; what it logs as an error is complained about. */
  function starter(name: string, file: string, variables: Record<string, string>, more: ChildOptions = {}) {
    const onLaterLine = (line: string) => complaintOf(name, line, complain);
    return (until: AbortSignal) =>
      startChild(name, new URL(file, import.meta.url), variables, { ending: until, onLaterLine, ...more });
  }

  async function child(layer: Layer, name: string, startIt: ReturnType<typeof starter>): Promise<Child> {
    const started = await startIt(signal);
    const { ended, tail } = started.process;
    parts.add(layer, { name, ended, tail, stop: () => stopChild(started) });
    return started;
  }

  /** One of the apps, by its folder. */
  function app(folder: string, name: string, variables: Record<string, string>, more: ChildOptions = {}) {
    const startIt = starter(name, `../../../apps/${folder}/src/main.ts`, variables, more);
    if (!watch) return child('services', name, startIt);
    const reloading = startReloading({
      name,
      sources: sourcesOf(new URL(`../../../apps/${folder}`, import.meta.url)),
      start: startIt,
      ending: signal,
      note: progress.note,
      complain: (text) => console.error(colors.red(text)),
    });
    // It does not end by itself: where it fails, it waits for a change.
    parts.add('services', { name, ended: new Promise(() => {}), tail: () => '', stop: reloading.stop });
    return reloading.first;
  }

  const startSupabase = () =>
    progress.step('Supabase API on PGlite, migrations applied', (detail) =>
      child(
        'foundations',
        'The Supabase API',
        starter(
          'The Supabase API',
          './supabase-server.ts',
          {
            DATA_DIR: folder.path('postgres'),
            PORT: `${env.RUNLEDGER_SUPABASE_PORT}`,
            JWT_SECRET: secrets.keys.jwtSecret,
            PUBLISHABLE_KEY: secrets.keys.publishableKey,
            SECRET_KEY: secrets.keys.secretKey,
          },
          { onLine: (line) => detail(migrationDetail(line)) },
        ),
      ),
    );

  async function startEngine(): Promise<LocalTemporal> {
    const temporal = await startTemporalPart(env, folder, progress, signal);
    const { ended, tail, stop } = temporal;
    parts.add('foundations', { name: 'Temporal', ended, tail, stop });
    return temporal;
  }

  function startServices(
    supabaseUrl: string,
    { address, uiUrl }: LocalTemporal,
    dashboard: string,
  ): Promise<[Child, Child, Child]> {
    const temporal = { TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace };
    const connections = {
      ...temporal,
      SUPABASE_URL: supabaseUrl,
      SUPABASE_ANON_KEY: secrets.keys.publishableKey,
      SUPABASE_SERVICE_ROLE_KEY: secrets.keys.secretKey,
    };
    const api = {
      ...connections,
      LOG_LEVEL: 'warn',
      HOST,
      PORT: `${env.RUNLEDGER_API_PORT}`,
      SUPABASE_JWT_SECRET: secrets.keys.jwtSecret,
      RUNLEDGER_STARTABLE: JSON.stringify(demoStartable(namespace)),
      RUNLEDGER_OWNERS_SEE_ROWS: 'true',
      RUNLEDGER_DASHBOARD: dashboard,
      RUNLEDGER_DEMO_USERS: JSON.stringify(secrets.demoUsers.map(({ email, password }) => ({ email, password }))),
      ...(uiUrl ? { RUNLEDGER_TEMPORAL_UI_URL: uiUrl } : {}),
    };
    const worker = { ...connections, LOG_LEVEL: 'info', RUNLEDGER_RECONCILE_PERIOD_MS: '10000' };
    // With the API gone, what the file says is no longer true.
    const goes = { removeAfterwards: folder.path('local.json') };
    return all([
      start(progress.step('API', () => app('api', 'The API', api, goes))),
      start(progress.step('Worker with the monitor', () => app('worker', 'The worker', worker))),
      start(
        progress.step('Demo workflows', () =>
          child('services', 'The demo’s worker', starter('The demo’s worker', './demo-worker.ts', temporal)),
        ),
      ),
    ]);
  }

  /** Like Promise.all, but leaves nothing under way when one fails; then it throws what ended everything. */
  async function all<T extends unknown[]>(starting: { [K in keyof T]: Promise<T[K]> }): Promise<T> {
    await Promise.allSettled(starting);
    signal.throwIfAborted();
    return Promise.all(starting) as Promise<T>;
  }

  try {
    const supabaseUrl = `http://${HOST}:${env.RUNLEDGER_SUPABASE_PORT}`;
    const [supabase, temporal, dashboard] = await all<[Child, LocalTemporal, string]>([
      start(startSupabase()),
      start(startEngine()),
      start(progress.step('Page built', buildDashboard)),
    ]);
    const [api, worker, demo] = await startServices(supabaseUrl, temporal, dashboard);
    return {
      apiUrl: `http://${HOST}:${env.RUNLEDGER_API_PORT}`,
      supabaseUrl,
      temporal,
      secrets,
      pids: {
        main: process.pid,
        supabase: supabase.process.pid,
        temporal: temporal.pid ?? null,
        api: api.process.pid,
        worker: worker.process.pid,
        demo: demo.process.pid,
      },
      stop: parts.stop,
    };
  } catch (error) {
    await parts.stop();
    throw error;
  }
}
