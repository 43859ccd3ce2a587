import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cancel, isCancel, select, text } from '@clack/prompts';
import type { ExitCode, LocalContext, Registry } from '@runledger/cli';
import { EXIT } from '@runledger/cli';
import { ExecutionError } from '@runledger/contracts';
import { InvalidArgumentError, Option } from 'commander';
import { parse } from 'smol-toml';
import type { Mount, Project } from '../project/detect.ts';
import { detectProject, MOUNTS } from '../project/detect.ts';
import { nextSteps } from './next-steps.ts';
import type { StartableWorkflow } from './templates.ts';
import { writeProject } from './write-project.ts';

interface InitOptions {
  yes?: boolean;
  mount?: Mount;
  workflow?: StartableWorkflow[];
  worker?: boolean;
}

/** Of a project that has no workflows yet. */
const FIRST: StartableWorkflow = { workflowType: 'hello', taskQueue: 'hello' };
/** The port of a Supabase that runs on this machine. */
const SUPABASE_PORT = 54_321;

export function addInit({ localCommand, runLocal }: Registry): void {
  localCommand('init', {
    description: 'Sets up the project in this folder: migration, exposed schema, variables, a mount and a worker.',
    examples: [
      'runledger init',
      'runledger init --yes --mount next',
      'runledger init --yes --workflow order:orders --workflow refund:orders --no-worker',
    ],
  })
    .option('-y, --yes', 'asks nothing: takes what is found, and the defaults')
    .addOption(new Option('--mount <what>', 'what serves the API (default: as the project depends on)').choices(MOUNTS))
    .option('--workflow <type:queue>', 'a workflow that users may start; may be given again', addWorkflow)
    .option('--no-worker', 'writes no worker')
    .action((options: InitOptions) => runLocal((context) => init(context, options)));
}

function addWorkflow(value: string, before: StartableWorkflow[] = []): StartableWorkflow[] {
  const [, workflowType, taskQueue] = /^([^:\s]+):([^:\s]+)$/.exec(value) ?? [];
  if (!workflowType || !taskQueue) throw new InvalidArgumentError('It must be a type and a task queue: order:orders.');
  return [...before, { workflowType, taskQueue }];
}

async function init({ host, terminal }: LocalContext, options: InitOptions): Promise<ExitCode> {
  const isAsking = !options.yes && host.stdin.isTTY === true && host.stdout.isTTY === true;
  if (!isAsking && !options.yes)
    throw new ExecutionError(
      'invalid_input',
      'Nobody is there to be asked: give --yes, and --mount or --workflow as you need.',
    );
  const detected = await detectProject(process.cwd());
  const mount = options.mount ?? (isAsking ? await askMount(detected.mount) : detected.mount);
  const workflows = options.workflow ?? [isAsking ? await askWorkflow() : FIRST];
  const project: Project = { ...detected, mount };
  const withWorker = options.worker !== false && !detected.hasTemporalWorker;
  const found = await findAddresses(project.folder, host.env);
  for (const { path, result } of await writeProject(project, { workflows, withWorker, found }))
    terminal.print(
      result === 'kept' ? terminal.colors.dim(`= ${path}`) : `${terminal.colors.green('+')} ${result} ${path}`,
    );
  terminal.print('', ...nextSteps(project, withWorker));
  return EXIT.fine;
}

async function askMount(initialValue: Mount): Promise<Mount> {
  const options = MOUNTS.map((value) => ({ value, label: value === 'none' ? 'none: a process of its own' : value }));
  return answered(await select<Mount>({ message: 'What serves the API?', initialValue, options }));
}

async function askWorkflow(): Promise<StartableWorkflow> {
  const workflowType = answered(
    await text({ message: 'A workflow that users may start?', initialValue: FIRST.workflowType }),
  );
  const taskQueue = answered(await text({ message: 'Its task queue?', initialValue: workflowType }));
  return { workflowType, taskQueue };
}

function answered<T>(answer: T): Exclude<T, symbol> {
  if (!isCancel(answer)) return answer as Exclude<T, symbol>;
  cancel('Nothing was written.');
  throw new ExecutionError('invalid_input', 'Cancelled.');
}

/** Where Supabase and Temporal are, by the environment and by `supabase/config.toml`. */
async function findAddresses(
  folder: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Record<string, string>> {
  const config = await readFile(join(folder, 'supabase', 'config.toml'), 'utf8').catch(() => '');
  const { api } = parse(config) as { api?: { port?: number } };
  const url = env.SUPABASE_URL || env.NEXT_PUBLIC_SUPABASE_URL || `http://127.0.0.1:${api?.port ?? SUPABASE_PORT}`;
  return {
    SUPABASE_URL: url,
    ...(env.TEMPORAL_ADDRESS ? { TEMPORAL_ADDRESS: env.TEMPORAL_ADDRESS } : {}),
    ...(env.TEMPORAL_NAMESPACE ? { TEMPORAL_NAMESPACE: env.TEMPORAL_NAMESPACE } : {}),
  };
}
