import type { Project } from '../project/detect.ts';

/** A workflow that users may start: its type in Temporal and the task queue of its workers. */
export interface StartableWorkflow {
  workflowType: string;
  taskQueue: string;
}

export interface Template {
  /** Relative to the project. */
  path: string;
  content: string;
}

/** Where a browser finds the API that a framework of the project serves. */
const MOUNT_PATH = '/api/runledger';

export const STARTABLE_FILE = 'runledger.startable.json';

export const startableList = (workflows: StartableWorkflow[]): Template => ({
  path: STARTABLE_FILE,
  content: `${JSON.stringify(workflows, null, 2)}\n`,
});

const next = (source: string): Template => ({
  path: `${source === '.' ? '' : `${source}/`}app${MOUNT_PATH}/[[...path]]/route.ts`,
  content: [
    "import { mountedAt } from 'runledger';",
    '',
    `const handler = mountedAt('${MOUNT_PATH}');`,
    'export { handler as DELETE, handler as GET, handler as OPTIONS, handler as POST };',
    '',
  ].join('\n'),
});

const hono = (source: string): Template => ({
  path: `${source === '.' ? '' : `${source}/`}runledger.ts`,
  content: [
    "import { mountedAt } from 'runledger';",
    "import { Hono } from 'hono';",
    '',
    `const handler = mountedAt('${MOUNT_PATH}');`,
    '',
    "/** In your application: app.route('/', runledger) */",
    `export const runledger = new Hono().all('${MOUNT_PATH}/*', (c) => handler(c.req.raw));`,
    '',
  ].join('\n'),
});

const express = (source: string): Template => ({
  path: `${source === '.' ? '' : `${source}/`}runledger.ts`,
  content: [
    "import { mountedAt, nodeListener } from 'runledger';",
    '',
    `/** In your application: app.use('${MOUNT_PATH}', runledger) */`,
    `export const runledger = nodeListener(mountedAt('${MOUNT_PATH}'));`,
    '',
  ].join('\n'),
});

export function mountOf({ mount, source }: Pick<Project, 'mount' | 'source'>): Template | null {
  if (mount === 'none') return null;
  return { next, hono, express }[mount](source);
}

/** A worker with a first workflow, for a project that has none. */
export function workerOf({ workflowType, taskQueue }: StartableWorkflow): Template[] {
  return [
    {
      path: 'temporal/workflows.ts',
      content: [
        "import { sleep } from '@temporalio/workflow';",
        '',
        `export async function ${workflowType}({ name = 'world' }: { name?: string } = {}): Promise<string> {`,
        "  await sleep('2 seconds');",
        "  return 'Hello, ' + name + '!';",
        '}',
        '',
      ].join('\n'),
    },
    {
      path: 'temporal/worker.mts',
      content: [
        "import { fileURLToPath } from 'node:url';",
        "import { NativeConnection, Worker } from '@temporalio/worker';",
        '',
        "const connection = await NativeConnection.connect({ address: process.env.TEMPORAL_ADDRESS ?? 'localhost:7233' });",
        'const worker = await Worker.create({',
        '  connection,',
        "  namespace: process.env.TEMPORAL_NAMESPACE ?? 'default',",
        `  taskQueue: '${taskQueue}',`,
        "  workflowsPath: fileURLToPath(new URL('./workflows.ts', import.meta.url)),",
        '});',
        'await worker.run();',
        '',
      ].join('\n'),
    },
  ];
}

export const VARIABLES: readonly { name: string; value: string; about: string }[] = [
  { name: 'SUPABASE_URL', value: 'http://127.0.0.1:54321', about: 'The Supabase project, as servers reach it' },
  { name: 'SUPABASE_ANON_KEY', value: '', about: 'Its publishable key' },
  { name: 'SUPABASE_SERVICE_ROLE_KEY', value: '', about: 'Its secret key: for servers only' },
  { name: 'SUPABASE_JWT_SECRET', value: '', about: 'Only for projects that sign tokens with a shared secret' },
  { name: 'TEMPORAL_ADDRESS', value: 'localhost:7233', about: 'Temporal' },
  { name: 'TEMPORAL_NAMESPACE', value: 'default', about: '' },
  { name: 'RUNLEDGER_STARTABLE', value: STARTABLE_FILE, about: 'What users may start' },
];
