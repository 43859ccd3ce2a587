/** What the page on encryption says, with the codec that it shows: nothing of a payload is in clear in Temporal. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createRunledger } from '@runledger/api';
import { createRunledgerClient } from '@runledger/client';
import type { LocalSupabase, LocalTemporal } from '@runledger/local-stack';
import { startTemporal, startTestSupabase } from '@runledger/local-stack';
import { Connection } from '@temporalio/client';
import type { PayloadCodec } from '@temporalio/common';
import proto from '@temporalio/proto';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const { CommandType } = proto.temporal.api.enums.v1;

let supabase: LocalSupabase;
let temporal: LocalTemporal;
let connection: Connection;
let folder: string;
let variables: Record<string, string>;

beforeAll(async () => {
  // In this package, where what the module imports is found.
  folder = mkdtempSync(join(root, 'docs/.snippets-codec-'));
  const [, module = ''] = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(root, 'docs/encryption.md'), 'utf8')) ?? [];
  writeFileSync(join(folder, 'codec.ts'), module);
  writeFileSync(join(folder, 'default.key'), randomBytes(32).toString('base64'));
  vi.stubEnv('CODEC_KEYS', folder);
  [supabase, temporal] = await Promise.all([startTestSupabase(), startTemporal({ address: null })]);
  connection = await Connection.connect({ address: temporal.address });
  variables = {
    SUPABASE_URL: supabase.url,
    SUPABASE_ANON_KEY: supabase.anonKey,
    SUPABASE_SERVICE_ROLE_KEY: supabase.serviceRoleKey,
    SUPABASE_JWT_SECRET: supabase.jwtSecret,
    TEMPORAL_ADDRESS: temporal.address,
    RUNLEDGER_STARTABLE: '[{"workflowType":"order","taskQueue":"orders"}]',
    RUNLEDGER_CODEC_MODULE: join(folder, 'codec.ts'),
    RUNLEDGER_CODEC_FOR: 'everyone',
  };
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await connection?.close();
  await Promise.all([temporal?.stop(), supabase?.stop()]);
});

/** Answers the next workflow task as a worker would whose workflow returns this. */
async function answerWith(output: unknown) {
  const { default: codecOf } = (await import(pathToFileURL(join(folder, 'codec.ts')).href)) as {
    default: (namespace: string) => PayloadCodec;
  };
  const plain = { metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from(JSON.stringify(output)) };
  const payloads = await codecOf('default').encode([plain]);
  const service = connection.workflowService;
  const task = await connection.withDeadline(Date.now() + 60_000, () =>
    service.pollWorkflowTaskQueue({ namespace: 'default', taskQueue: { name: 'orders' } }),
  );
  await service.respondWorkflowTaskCompleted({
    taskToken: task.taskToken,
    commands: [
      {
        commandType: CommandType.COMMAND_TYPE_COMPLETE_WORKFLOW_EXECUTION,
        completeWorkflowExecutionCommandAttributes: { result: { payloads } },
      },
    ],
  });
}

/** Every text and every bytes in an answer of Temporal. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (value instanceof Uint8Array) return [Buffer.from(value).toString('latin1')];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

/** The worker of the product, as a process. */
async function withWorker<T>(more: Record<string, string>, work: () => Promise<T>): Promise<T> {
  const { PATH = '', NODE_COMPILE_CACHE = '' } = process.env;
  const env = { PATH, NODE_COMPILE_CACHE, CODEC_KEYS: folder, ...variables, ...more };
  const worker = spawn(process.execPath, [join(root, 'apps/worker/src/main.ts')], { env, stdio: 'ignore' });
  try {
    return await work();
  } finally {
    worker.kill('SIGTERM');
    await once(worker, 'close');
  }
}

test.each([
  [
    'by default the ledger keeps a note, and what is decoded on demand is not stored',
    {},
    null,
    'undecodable: binary/encrypted',
  ],
  ['where the operator says so it keeps the value', { RUNLEDGER_RECORD_DECODED: 'true' }, { receipt: 'r-1' }, null],
] as const)('an encrypted execution from start to end: %s', async (_, decision, output, outputNote) => {
  const runledger = createRunledger({ env: { ...variables, ...decision }, log: pino({ level: 'silent' }) });
  const listening = await runledger.listen({ port: 0, host: '127.0.0.1' });
  try {
    const user = { email: `anna-${outputNote === null}@example.com`, password: 'correct horse battery staple' };
    const { id: userId } = await supabase.createUser(user);
    const answer = await fetch(`${supabase.url}/auth/v1/token?grant_type=password`, {
      method: 'POST',
      headers: { apikey: supabase.anonKey, 'content-type': 'application/json' },
      body: JSON.stringify(user),
    });
    const { access_token: token } = (await answer.json()) as { access_token: string };
    const { execution, workflow } = createRunledgerClient({ url: `${listening.url}/trpc`, getToken: () => token });
    const { id: workflowId } = await workflow.create.mutate({ name: 'O', workflowType: 'order', taskQueue: 'orders' });
    const { id } = await execution.createExecution.mutate({ workflowId, input: { card: '4111 1111' } });
    await execution.signalExecution.mutate({ id, name: 'add', input: { card: '5500 0000' } });

    const target = { namespace: 'default', execution: { workflowId: id } };
    const { workflowService } = connection;
    const seen = textsOf([
      await workflowService.describeWorkflowExecution(target),
      await workflowService.getWorkflowExecutionHistory(target),
    ]);
    // The input, the memo, the summary and the signal. Who signalled stands beside the payloads.
    expect(seen.filter((text) => text === 'binary/encrypted').length).toBeGreaterThanOrEqual(4);
    for (const secret of ['4111 1111', '5500 0000']) expect(seen.filter((text) => text.includes(secret))).toEqual([]);
    expect(seen.filter((text) => text.includes(`For user ${userId}`))).toEqual([]);

    await answerWith({ receipt: 'r-1' });
    const ended = await withWorker(decision, async () => {
      for (;;) {
        const found = await execution.getExecution.query({ id });
        if (found.status === 'completed') return found;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    });
    expect(ended).toMatchObject({ output, outputNote });
    expect(await execution.decodePayloads.query({ id })).toMatchObject({
      output: { receipt: 'r-1' },
      outputNote: null,
    });
    expect(await execution.getExecution.query({ id })).toMatchObject({ output, outputNote });
  } finally {
    await listening.drain(1_000);
    await runledger.close();
  }
});
