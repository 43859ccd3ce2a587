/** `npm start` as its user sees it: real processes, on ports that are free. About 8 s a start, so they are few. */
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { temporaryFolder } from '@runledger/local-stack';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DemoProcess, LocalFile } from './fixtures/demo-process.ts';
import { startDemo } from './fixtures/demo-process.ts';
import { eventually, stillRunning } from './fixtures/processes.ts';
import { signInFrom } from './fixtures/script-user.ts';

const dir = await temporaryFolder('start');
const started: DemoProcess[] = [];

async function start(...options: [args?: string[], variables?: Record<string, string>]): Promise<DemoProcess> {
  const demo = await startDemo(dir, ...options);
  started.push(demo);
  return demo;
}

const examplesOf = (inputSchema: Record<string, unknown> | null) => (inputSchema?.examples ?? []) as unknown[];

afterAll(async () => {
  for (const demo of started) demo.kill('SIGKILL'); // the watchdogs see to the parts
  await Promise.all(started.map((demo) => demo.ended()));
  rmSync(dir, { recursive: true, force: true, maxRetries: 50, retryDelay: 200 });
});

describe('before anything is started', () => {
  test('--help says what there is', async () => {
    const demo = await start(['--help']);
    expect(await demo.ended()).toBe(0);
    expect(demo.output()).toContain('npm start -- --reset');
    expect(demo.output()).toContain('RUNLEDGER_API_PORT');
  });

  test('an unknown option is named, and nothing is started', async () => {
    const demo = await start(['--rest']);
    expect(await demo.ended()).toBe(2);
    expect(demo.output()).toBe("\nUnknown option '--rest'. `npm start -- --help` says what there is.\n");
  });

  test('a variable that cannot be is named with what is wrong, and so is a port given to two', async () => {
    const wrong = await start([], { RUNLEDGER_DEMO_RATE: 'many' });
    expect(await wrong.ended()).toBe(2);
    expect(wrong.output()).toContain('RUNLEDGER_DEMO_RATE');

    const twins = await start([], { RUNLEDGER_API_PORT: '54999', RUNLEDGER_SUPABASE_PORT: '54999' });
    expect(await twins.ended()).toBe(2);
    expect(twins.output()).toContain('RUNLEDGER_SUPABASE_PORT: 54999 is the port of RUNLEDGER_API_PORT already');
  });

  test.each(['RUNLEDGER_API_PORT', 'RUNLEDGER_TEMPORAL_PORT'])('a port in use is named, with %s', async (variable) => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const { port } = holder.address() as { port: number };
    const demo = await start([], { [variable]: `${port}` });
    expect(await demo.ended()).toBe(1);
    expect(demo.output()).toContain(`port ${port} of 127.0.0.1`);
    expect(demo.output()).toContain(`${variable}=`);
    holder.close();
  });

  test('a Temporal server that does not answer is named with the variable', async () => {
    const demo = await start([], { TEMPORAL_ADDRESS: '127.0.0.1:9' });
    expect(await demo.ended()).toBe(1);
    expect(demo.output()).toContain('No Temporal server at 127.0.0.1:9 answers');
    expect(demo.output()).toContain('TEMPORAL_ADDRESS');
  });
});

let before: { executionIds: string[]; demoUsers: LocalFile['demoUsers'] };

describe('the first start', () => {
  let demo: DemoProcess;
  let local: LocalFile;
  beforeAll(async () => {
    demo = await start(['--reset']);
    local = await demo.ready();
  });

  test('leaves a file for scripts that only its owner can read', () => {
    expect(statSync(demo.localFile).mode & 0o777).toBe(0o600);
    expect(local).toEqual({
      apiUrl: `http://127.0.0.1:${demo.env.RUNLEDGER_API_PORT}`,
      dashboardUrl: `http://127.0.0.1:${demo.env.RUNLEDGER_API_PORT}`,
      supabaseUrl: `http://127.0.0.1:${demo.env.RUNLEDGER_SUPABASE_PORT}`,
      supabaseAnonKey: expect.any(String),
      supabaseServiceRoleKey: expect.any(String),
      temporalAddress: `127.0.0.1:${demo.env.RUNLEDGER_TEMPORAL_PORT}`,
      temporalNamespace: 'default',
      temporalCli: expect.stringMatching(/temporal$/),
      demoUsers: Array(3).fill({ email: expect.stringMatching(/@/), password: expect.any(String) }),
      pids: {
        main: demo.pid,
        supabase: expect.any(Number),
        temporal: expect.any(Number),
        api: expect.any(Number),
        worker: expect.any(Number),
        demo: expect.any(Number),
      },
    });
  });

  test('lets a script that has only that file sign in, and run one of each workflow to its end', async () => {
    const { client, run } = await signInFrom(local);
    const { items: workflows } = await client.workflow.list.query();
    expect(workflows.length).toBeGreaterThanOrEqual(6);
    const ends = await Promise.all(
      workflows.map(async ({ id, workflowType, inputSchema }) => {
        const [example] = examplesOf(inputSchema);
        return [workflowType, (await run(id, example)).status];
      }),
    );
    expect(ends.map(([, status]) => status)).toEqual(workflows.map(() => 'completed'));
    expect(ends).toContainEqual(['order', 'completed']);
  });

  test('takes every input that the demo’s users give', async () => {
    const { client } = await signInFrom(local);
    for (const { id, workflowType, inputSchema } of (await client.workflow.list.query()).items) {
      for (const input of examplesOf(inputSchema)) {
        const created = await client.execution.createExecution.mutate({ workflowId: id, input: input as never });
        // Some end before their start is answered, a credit check with a refusal.
        expect(['running', 'completed', 'failed'], workflowType).toContain(created.status);
        expect(created.failure, workflowType).not.toMatchObject({ type: 'StartRefused' });
      }
    }
  });

  test('shows the ends of what the demo’s users started, as plain text where there is no terminal', async () => {
    await demo.says('✓ completed  Document pipeline');
    expect(demo.output()).toContain('Ready in');
    expect(demo.output()).not.toContain('\x1b');
    expect(
      demo
        .output()
        .split('\n')
        .filter((line) => /\s$/.test(line)),
    ).toEqual([]);
  });

  test('keeps its data to itself: a second one is refused and takes nothing away, not even with --reset', async () => {
    const second = await startDemo(dir, ['--reset']);
    expect(await second.ended()).toBe(1);
    expect(second.output()).toContain(`in use by another start (process ${demo.pid})`);
    expect(existsSync(demo.localFile)).toBe(true);
    const { client } = await signInFrom(local);
    expect((await client.system.health.query()) ?? null).not.toBeNull();
  });

  test('Ctrl-C ends it with code 0 and leaves no process and no file for scripts', async () => {
    const { client } = await signInFrom(local);
    const { items } = await client.execution.listExecutions.query({ status: ['completed'], limit: 50 });
    before = { executionIds: items.map(({ id }) => id), demoUsers: local.demoUsers };
    demo.kill('SIGINT');
    expect(await demo.ended()).toBe(0);
    expect(demo.output()).toMatch(/\d+ ended, \d+ still open/);
    expect(await stillRunning(Object.values(local.pids))).toEqual([]);
    expect(existsSync(demo.localFile)).toBe(false);
  });
});

describe('a second start on the same data', () => {
  let demo: DemoProcess;
  let local: LocalFile;
  beforeAll(async () => {
    demo = await start(['--no-demo']);
    local = await demo.ready();
  });

  test('still has the users, their executions, and Temporal’s history of them', async () => {
    expect(local.demoUsers).toEqual(before.demoUsers);
    const { client } = await signInFrom(local);
    expect(before.executionIds.length).toBeGreaterThan(0);
    const connection = await Connection.connect({ address: local.temporalAddress });
    const temporal = new Client({ connection, namespace: local.temporalNamespace });
    for (const id of before.executionIds.slice(0, 5)) {
      const execution = await client.execution.getExecution.query({ id });
      expect(execution.status).toBe('completed');
      const described = await temporal.workflow.getHandle(execution.temporalWorkflowId as string).describe();
      expect(described.status.name).toBe('COMPLETED');
    }
    await connection.close();
  });

  test('defines the workflows once, however often it starts', async () => {
    const { client } = await signInFrom(local);
    const types = (await client.workflow.list.query()).items.map(({ workflowType }) => workflowType);
    expect(types.length).toBe(new Set(types).size);
  });

  test('when a part dies everything stops, with the part’s name and the end of its log', async () => {
    process.kill(local.pids.api as number, 'SIGKILL');
    expect(await demo.ended()).toBe(1);
    expect(demo.output()).toContain('The API has ended, so everything stops. The end of its log:');
    expect(demo.output().split('The end of its log:')[1]).toContain(`ready · url="${local.apiUrl}"`);
    expect(await stillRunning(Object.values(local.pids))).toEqual([]);
    expect(existsSync(demo.localFile)).toBe(false);
  });
});

describe('ended without notice', () => {
  test('a start that is killed (-9) leaves no process and no file for scripts, and the next one works', async () => {
    const demo = await start(['--no-demo']);
    const local = await demo.ready();
    demo.kill('SIGKILL');
    await demo.ended();
    expect(await stillRunning(Object.values(local.pids))).toEqual([]);
    expect(await eventually(async () => !existsSync(demo.localFile) || undefined)).toBe(true);
    expect(Number(readFileSync(join(dir, 'main.pid'), 'utf8'))).toBe(demo.pid); // its lock, which must not count
  });

  test('Ctrl-C while the parts are starting leaves nothing either, and the data is whole', async () => {
    const demo = await start(['--no-demo']);
    await demo.says('✓ Temporal CLI');
    demo.kill('SIGINT');
    expect(await demo.ended()).toBe(0);
    expect(demo.output()).not.toContain('✗');
    expect(existsSync(join(dir, 'local.json'))).toBe(false);

    const next = await start(['--no-demo']);
    const local = await next.ready();
    const { client } = await signInFrom(local);
    expect((await client.execution.getExecution.query({ id: before.executionIds[0] as string })).status).toBe(
      'completed',
    );
    next.kill('SIGTERM');
    expect(await next.ended()).toBe(0);
    expect(await stillRunning(Object.values(local.pids))).toEqual([]);
  });
});
