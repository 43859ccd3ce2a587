import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { connect, createApi, readEnv } from '@runledger/api';
import { createRunledgerClient } from '@runledger/client';
import { startSupabase, startTemporal } from '@runledger/local-stack';
import type { InstalledProject } from '@runledger/packaging';
import { installPacked, LONGEST_INSTALL_MS, typeErrors as projectTypeErrors } from '@runledger/packaging';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));

interface Snippet {
  /** What the text around the snippet takes as given. */
  given?: string;
  /** What it must print when it runs; without it, it is only type-checked. */
  prints?: string;
  /** It runs until it is stopped: by SIGTERM, once it has printed this. It must then end by itself. */
  stopAfter?: string;
}

const session = 'const session = { accessToken: process.env.TOKEN! };';
const supabase =
  'const supabase = { auth: { getSession: async () => ({ data: { session: { access_token: process.env.TOKEN! } } }) } };';

/** Whoever watches an execution of their own, and leaves when they are told to. */
const watcher = `
import { createRunledgerClient, executionErrorCode } from '@runledger/client';
const client = createRunledgerClient({ url: 'http://127.0.0.1:54330/trpc', getToken: () => process.env.TOKEN! });
const { items: [workflow] } = await client.workflow.list.query();
const execution = await client.execution.createExecution.mutate({ workflowId: workflow!.id });
process.once('SIGTERM', () => process.exit(0));`;

/** Every ts and tsx block of these files, in order: a block that is not listed here fails the test. */
const DOCUMENTS: Record<string, Snippet[]> = {
  'README.md': [{ given: session, prints: 'running 1 null' }],
  'docs/adopters.md': [],
  'docs/architecture.md': [],
  'docs/erasing.md': [],
  'docs/existing-backend.md': [],
  'docs/next.md': [],
  'docs/benchmarks.md': [],
  'docs/control.md': [{ given: session, prints: 'rerun requested, signal requested true\nrequested, requested' }],
  'docs/counting.md': [],
  'docs/cut-over.md': [],
  'docs/encryption.md': [{}],
  'docs/connecting.md': [],
  'docs/backup.md': [],
  'docs/capacity.md': [],
  'docs/deploying.md': [],
  'docs/python-and-go.md': [],
  'docs/runbook.md': [],
  'docs/upgrading.md': [],
  'docs/embedding.md': [{ given: 'declare const session: { accessToken: string };' }],
  'docs/importing.md': [],
  'docs/operating.md': [],
  'docs/operators.md': [
    { given: 'declare const client: import("@runledger/client").RunledgerClient;' },
    {
      given: `declare const client: import("@runledger/client").RunledgerClient;
declare const session: { user: { id: string } };
const { items: [workflow] } = await client.workflow.list.query();`,
    },
  ],
  'docs/payloads.md': [],
  'docs/workflows.md': [],
  'apps/runledger/README.md': [{ prints: '200' }],
  'packages/contracts/README.md': [{ prints: 'completed failed cancelled timed_out terminated' }],
  'packages/client/README.md': [
    { given: supabase, prints: '' },
    { given: watcher, stopAfter: 'running 2' },
    { given: 'declare const url: string;\ndeclare const getToken: () => string | null;' },
  ],
  'packages/engine/README.md': [{ prints: '' }],
  'packages/monitor/README.md': [
    { stopAfter: 'monitor runs' },
    {},
    { given: 'declare const service: import("@runledger/execution-service").ExecutionService;' },
    {},
  ],
  'packages/router/README.md': [{ prints: 'UNAUTHORIZED unauthenticated' }],
  'tools/local-stack/README.md': [{ prints: '' }],
};

let variables: Record<string, string>;
/** The addresses that people see in the documents, and where these tests serve them. */
let addresses: [written: string, served: string][];
const stops: (() => Promise<unknown>)[] = [];
/** Somebody's project, with the packages installed as they are published: what their READMEs say is run there. */
let project: InstalledProject;
/** Where each snippet is written, by document and number. */
const files = new Map<string, string>();
/** What the compiler says of all of them. */
let wrong: string[];

beforeAll(async () => {
  const [database, temporal, installed] = await Promise.all([
    startSupabase({ database: { kind: 'pglite' } }),
    startTemporal({ address: null }),
    installPacked(),
  ]);
  project = installed;
  stops.push(
    async () => installed[Symbol.asyncDispose](),
    () => database.stop(),
    () => temporal.stop(),
  );
  const env = readEnv({
    SUPABASE_URL: database.url,
    SUPABASE_ANON_KEY: database.anonKey,
    SUPABASE_SERVICE_ROLE_KEY: database.serviceRoleKey,
    SUPABASE_JWT_SECRET: database.jwtSecret,
    TEMPORAL_ADDRESS: temporal.address,
    RUNLEDGER_STARTABLE: '[{"workflowType":"order","taskQueue":"orders"}]',
  });
  const parts = connect(env, pino({ level: 'silent' }));
  const api = await createApi({ ...parts, startable: env.RUNLEDGER_STARTABLE }).listen({ port: 0, host: '127.0.0.1' });
  stops.unshift(async () => {
    await api.drain(1_000);
    await parts.close();
  });

  const user = { email: 'reader@example.com', password: 'correct horse battery staple' };
  await database.createUser(user);
  const answer = await fetch(`${database.url}/auth/v1/token?grant_type=password`, {
    method: 'POST',
    headers: { apikey: database.anonKey, 'content-type': 'application/json' },
    body: JSON.stringify(user),
  });
  const { access_token: token } = (await answer.json()) as { access_token: string };
  await createRunledgerClient({ url: `${api.url}/trpc`, getToken: () => token }).workflow.create.mutate({
    name: 'Order',
    workflowType: 'order',
    taskQueue: 'orders',
  });
  addresses = [
    ['http://127.0.0.1:54330', api.url],
    ['localhost:7233', temporal.address],
  ];
  for (const [document, snippets] of Object.entries(DOCUMENTS))
    for (const [i, { given = '' }] of snippets.entries())
      files.set(`${document} ${i + 1}`, await writeSnippet(document, i + 1, given));
  wrong = [
    ...(await typeErrors([...files.values()].filter((file) => !file.startsWith(project.folder)))),
    ...(await projectTypeErrors(project.folder, 'nodenext')),
    ...(await projectTypeErrors(project.folder, 'bundler')),
  ];
  variables = {
    SUPABASE_ANON_KEY: database.anonKey,
    TEMPORAL_ADDRESS: temporal.address,
    RUNLEDGER_STARTABLE: '[]',
    LOG_LEVEL: 'silent',
    TOKEN: token,
    SUPABASE_URL: database.url,
    SUPABASE_SERVICE_ROLE_KEY: database.serviceRoleKey,
  };
}, LONGEST_INSTALL_MS);

afterAll(async () => {
  for (const stop of stops) await stop();
  const folders = [...Object.keys(DOCUMENTS).filter(isOfCheckout).map(folderOf), join(root, 'docs', '.snippets')];
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

/** Published with its package: run in a project of somebody else's. */
const isOfCheckout = (document: string) => !document.startsWith('packages/') && document !== 'apps/runledger/README.md';

/** Where a snippet can import what readers of the document can. */
function folderOf(document: string): string {
  if (!isOfCheckout(document)) return join(project.folder, 'src');
  return join(root, document === 'README.md' ? 'tools/demo' : dirname(document), '.snippets');
}

async function snippetsOf(document: string): Promise<{ code: string; extension: string }[]> {
  const text = await readFile(join(root, document), 'utf8');
  return [...text.matchAll(/```(tsx?)\n([\s\S]*?)```/g)].map(([, extension, code]) => ({
    extension: extension as string,
    code: code as string,
  }));
}

/** A snippet with what is given, in the file that is checked and run. */
async function writeSnippet(document: string, n: number, given: string): Promise<string> {
  const snippet = (await snippetsOf(document))[n - 1];
  if (!snippet) throw new Error(`${document} has no snippet ${n}`);
  const whole = `${given}\n${snippet.code}\nexport {};\n`;
  const name = isOfCheckout(document) ? basename(document, '.md') : document.split('/')[1];
  const file = join(folderOf(document), `${name}-${n}.${snippet.extension}`);
  await mkdir(folderOf(document), { recursive: true });
  await writeFile(
    file,
    addresses.reduce((text, [written, url]) => text.replaceAll(written, url), whole),
  );
  return file;
}

/** Checks the types of all files as one program, which takes hardly longer than one of them; answers what is wrong, a line each. */
async function typeErrors(files: string[]): Promise<string[]> {
  const folder = join(root, 'docs', '.snippets');
  await mkdir(folder, { recursive: true });
  const compilerOptions = { types: ['node'], jsx: 'react-jsx', lib: ['es2024', 'dom'], noEmit: true };
  await writeFile(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ extends: join(root, 'tsconfig.base.json'), compilerOptions, files }),
  );
  const tsc = join(root, 'node_modules', '.bin', 'tsc');
  return run(tsc, ['-p', folder, '--pretty', 'false'], { cwd: root }).then(
    () => [],
    (error: { stdout: string }) => error.stdout.trim().split('\n'),
  );
}

test('the types of all snippets are right', () => {
  expect(wrong).toEqual([]);
});

describe.each(Object.entries(DOCUMENTS))('%s', (document, expected) => {
  test('holds exactly the snippets that are tested', async () => {
    expect(await snippetsOf(document)).toHaveLength(expected.length);
  });

  test.each(expected.map((snippet, i) => [i + 1, snippet] as const))(
    'snippet %i is right',
    async (n, { prints, stopAfter }) => {
      const file = files.get(`${document} ${n}`) as string;
      expect(wrong.filter((line) => line.includes(`${basename(file)}(`))).toEqual([]);
      if (prints === undefined && stopAfter === undefined) return;
      const running = run(process.execPath, [file], { env: { ...process.env, ...variables } });
      running.child.stdout?.on('data', (text: Buffer) => {
        if (stopAfter && text.includes(stopAfter)) running.child.kill('SIGTERM');
      });
      const { stdout } = await running;
      if (prints !== undefined) expect(stdout.trim()).toBe(prints);
    },
  );
});
