import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { ExitCode, LocalContext, Registry, Terminal } from '@runledger/cli';
import { EXIT } from '@runledger/cli';
import { connectSupabase, createExecutionReader, createLedger } from '@runledger/execution-service';
import { shutdownSignal, unlessAborted } from '@runledger/host/shutdown';
import { followStanding } from '@runledger/host/standing';
import { createStatusLine } from '@runledger/host/status-line';
import { MAIN } from '../assets.ts';
import { STARTABLE_FILE } from '../init/templates.ts';
import { defineWorkflows } from './define-workflows.ts';
import { readDevEnv } from './dev-env.ts';
import { openSupabase, openTemporal } from './foundations.ts';
import { openLocalState } from './local-state.ts';
import { packageManagerGone } from './package-manager.ts';
import type { DevProcess } from './processes.ts';
import { startProcess } from './processes.ts';

interface DevOptions {
  with?: string[];
  reset?: boolean;
}

const HOST = '127.0.0.1';
/** One Ctrl-C arrives more than once where npm hands it on. */
const SAME_MS = 1_000;

export function addDev({ localCommand, runLocal }: Registry): void {
  localCommand('dev', {
    description: 'Runs everything on this machine: Supabase and Temporal where none is named, API, page, worker.',
    examples: [
      'runledger dev',
      'runledger dev --with "node temporal/worker.mts" --with "npx next dev"',
      'TEMPORAL_ADDRESS=localhost:7233 runledger dev',
    ],
  })
    .option(
      '--with <command>',
      'runs this too, with the same environment; may be given again',
      (value, all: string[] = []) => [...all, value],
    )
    .option('--reset', 'starts over: removes the data of the local Supabase and Temporal first')
    .action((options: DevOptions) => runLocal((context) => dev(context, options)));
}

async function dev({ host, terminal: below }: LocalContext, options: DevOptions): Promise<ExitCode> {
  const line = createStatusLine(host.stdout, host.env);
  const terminal: Terminal = {
    ...below,
    print: (...lines) => line.above(() => below.print(...lines)),
    complain: (text) => line.above(() => below.complain(text)),
  };
  const project = process.cwd();
  const env = readDevEnv(host.env);
  const state = await openLocalState(project);
  if (options.reset) await state.reset();
  const secrets = await state.secrets();
  const shutdown = AbortSignal.any([
    shutdownSignal({ signals: ['SIGINT', 'SIGTERM', 'SIGHUP'], sameWithinMs: SAME_MS }),
    await packageManagerGone(host.env),
  ]);
  const processes: DevProcess[] = [];
  /** What runs, or is being started, in the order in which it is stopped. */
  const stops: (() => Promise<unknown>)[] = [
    () => Promise.all(processes.map(({ stop }) => stop())),
    () => state.forget(),
  ];
  const stoppedAtEnd = <Opened extends { stop(): Promise<unknown> }>(opening: Promise<Opened>): Promise<Opened> => {
    stops.push(async () => (await opening.catch(() => null))?.stop());
    return opening;
  };
  const started = (...process: Parameters<typeof startProcess>): DevProcess => {
    const own = startProcess(...process);
    processes.push(own);
    return own;
  };
  const step = async <T>(name: string, work: Promise<T>): Promise<T> => {
    const began = performance.now();
    const result = await unlessAborted(shutdown, work);
    const took = `${((performance.now() - began) / 1000).toFixed(1)} s`;
    terminal.print(`${terminal.colors.green('✓')} ${name.padEnd(34)} ${terminal.colors.dim(took)}`);
    return result;
  };
  try {
    const [supabase, temporal] = await Promise.all([
      step('Supabase', stoppedAtEnd(openSupabase(env, project, state, secrets))),
      step('Temporal', stoppedAtEnd(openTemporal(env, state, terminal))),
    ]);
    const list = env.RUNLEDGER_STARTABLE ?? (existsSync(join(project, STARTABLE_FILE)) ? STARTABLE_FILE : '[]');
    const startable = list.trimStart().startsWith('[') ? list : resolve(project, list);
    const variables = { ...supabase.variables, ...temporal.variables, RUNLEDGER_STARTABLE: startable };
    const { SUPABASE_URL: url, SUPABASE_ANON_KEY: anonKey, SUPABASE_SERVICE_ROLE_KEY: serviceRoleKey } = variables;
    await step(
      'Workflows defined',
      defineWorkflows({ url, anonKey, serviceRoleKey }, secrets, {
        startable,
        namespace: variables.TEMPORAL_NAMESPACE,
      }),
    );

    const isReady = (line: string) => line.includes('"msg":"ready"');
    const own = (name: 'api' | 'worker', more: Record<string, string>) =>
      started(name, [process.execPath, MAIN, name], {
        env: { ...host.env, ...variables, LOG_LEVEL: 'info', ...more },
        ...{ cwd: project, isReady, isShown: false, terminal },
      }).ready;
    await Promise.all([
      step(
        'API and page',
        own('api', {
          PORT: `${env.RUNLEDGER_API_PORT}`,
          HOST,
          RUNLEDGER_DEMO_USERS: env.SUPABASE_URL ? '' : JSON.stringify([secrets.user]),
        }),
      ),
      step('Worker', own('worker', { RUNLEDGER_RECONCILE_PERIOD_MS: '10000' })),
    ]);
    const apiUrl = `http://${HOST}:${env.RUNLEDGER_API_PORT}`;
    await state.tell(
      {
        apiUrl,
        supabaseUrl: url,
        supabaseAnonKey: anonKey,
        supabaseServiceRoleKey: serviceRoleKey,
        temporalAddress: variables.TEMPORAL_ADDRESS,
        temporalNamespace: variables.TEMPORAL_NAMESPACE,
      },
      variables,
    );
    for (const command of options.with ?? [])
      started(command, ['/bin/sh', '-c', command], {
        env: { ...host.env, ...variables },
        ...{ cwd: project, isShown: true, terminal },
      });
    terminal.print('', ...welcome({ apiUrl, url, temporal: temporal.variables, user: secrets.user }), '');

    const database = connectSupabase({ url, key: serviceRoleKey });
    const reader = createExecutionReader({ asCaller: database, asService: database });
    const facts = { reader, ledger: createLedger(database), namespace: variables.TEMPORAL_NAMESPACE };
    void followStanding(line, facts, { signal: shutdown, paint: terminal.colors.dim });

    const parts = [{ name: 'Temporal', ended: temporal.ended }, ...processes];
    const first = await unlessAborted(shutdown, Promise.race(parts.map(({ name, ended }) => ended.then(() => name))));
    terminal.complain(`${terminal.colors.red('✗')} ${first} has ended, so everything stops.`);
    return EXIT.finding;
  } catch (error) {
    if (error === shutdown.reason) return EXIT.fine;
    throw error;
  } finally {
    line.end();
    for (const stop of stops) await stop();
  }
}

function welcome({
  apiUrl,
  url,
  temporal,
  user,
}: {
  apiUrl: string;
  url: string;
  temporal: { TEMPORAL_ADDRESS: string; RUNLEDGER_TEMPORAL_UI_URL?: string };
  user: { email: string; password: string };
}): string[] {
  return [
    `  Open         ${apiUrl}`,
    `  API (tRPC)   ${apiUrl}/trpc`,
    `  Supabase     ${url}`,
    `  Temporal     ${temporal.TEMPORAL_ADDRESS} ${temporal.RUNLEDGER_TEMPORAL_UI_URL ?? ''}`,
    `  Sign in as   ${user.email}, password ${user.password}`,
    '  Variables    .runledger/env, for processes of your own: node --env-file=.runledger/env …',
    '  Look at it   npx runledger status (or explain <id>, doctor, --help)',
    '',
    '  Ctrl-C stops everything; the data stays in .runledger until runledger dev --reset.',
  ];
}
