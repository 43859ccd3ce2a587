import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connectSupabase, createExecutionService } from '@runledger/execution-service';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ApiFixture, TestApi, TestUser } from './fixtures/api-fixture.ts';
import { ORDER, startApi, startApiFixture } from './fixtures/api-fixture.ts';
import { refusalOf } from './fixtures/refusal.ts';

let fixture: ApiFixture;
let decoding: TestApi;
let anna: TestUser;
let ben: TestUser;
let id: string;
let isAway = false;

interface Sent {
  payloads: { metadata: Record<string, string>; data: string }[];
}
const fromBase64 = (text: string) => Buffer.from(text, 'base64');

/** Stands for encryption: bytes in reverse. The server decodes what workers and clients encode so. */
const codec = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    if (isAway) return response.writeHead(503).end('the key is s3cret');
    const { payloads } = JSON.parse(Buffer.concat(parts).toString()) as Sent;
    const decoded = payloads.map(({ data }) => ({
      metadata: { encoding: Buffer.from('json/plain').toString('base64') },
      data: fromBase64(data).reverse().toString('base64'),
    }));
    response.end(JSON.stringify({ payloads: decoded }));
  });
});
const encrypting = {
  payloadCodecs: [
    {
      encode: async (payloads: { data?: Uint8Array | null }[]) =>
        payloads.map(({ data }) => ({
          metadata: { encoding: Buffer.from('binary/encrypted') },
          data: Buffer.from(data ?? []).reverse(),
        })),
      decode: async <Payload>(payloads: Payload[]) => payloads,
    },
  ],
};

beforeAll(async () => {
  codec.listen(0, '127.0.0.1');
  await once(codec, 'listening');
  fixture = await startApiFixture();
  const endpoint = `http://127.0.0.1:${(codec.address() as AddressInfo).port}`;
  decoding = await startApi({ ...fixture.variables, RUNLEDGER_CODEC_ENDPOINT: endpoint });
  [anna, ben] = await Promise.all([fixture.signUp('anna', { isOperator: true }), fixture.signUp('ben')]);
  const order = { ...ORDER, visibility: 'published' as const, redact: ['/input/card'] };
  const { id: workflowId } = await anna.client.workflow.create.mutate(order);
  id = await startEncrypted(workflowId, anna.id);
}, 120_000);
afterAll(async () => {
  codec.close();
  await decoding?.[Symbol.asyncDispose]();
  await fixture?.[Symbol.asyncDispose]();
});

/** An execution that an application started with an encrypted input, as the monitor recorded that. */
async function startEncrypted(workflowId: string, userId: string): Promise<string> {
  const connection = await Connection.connect({ address: fixture.temporal.address });
  const client = new Client({ connection, dataConverter: encrypting });
  const temporalWorkflowId = `encrypted-${userId}`;
  const handle = await client.workflow.start('order', {
    ...{ workflowId: temporalWorkflowId, taskQueue: 'orders', args: [{ card: '4', item: 'tea' }] },
  });
  await connection.close();
  const service = createExecutionService(
    connectSupabase({ url: fixture.supabase.url, key: fixture.supabase.serviceRoleKey }),
  );
  const temporalRunId = handle.firstExecutionRunId;
  const execution = await service.createExecution({ workflowId, userId, temporalWorkflowId, temporalRunId });
  await fixture.supabase.database.query(
    `update runledger.workflow_executions set input_note = 'undecodable: binary/encrypted' where id = $1`,
    [execution.id],
  );
  return execution.id;
}

const decodeAs = ({ token }: TestUser, of = id) =>
  decoding.clientWith(token).execution.decodePayloads.query({ id: of });

test('an encrypted input is shown as such, and decoded for whom the host decodes, but for what is redacted', async () => {
  expect(await anna.client.execution.getExecution.query({ id })).toMatchObject({
    ...{ input: null, inputNote: 'undecodable: binary/encrypted', isDecodable: false },
  });
  expect(await decoding.clientWith(anna.token).execution.getExecution.query({ id })).toMatchObject({
    ...{ input: null, isDecodable: true },
  });
  expect(await decodeAs(anna)).toEqual({
    ...{ input: { card: '[redacted]', item: 'tea' }, inputNote: null, output: null, outputNote: null, failure: null },
  });
  const { input } = await anna.client.execution.getExecution.query({ id });
  expect(input).toBeNull();
});

test('nobody else’s is decoded, nor for whom the host does not decode, nor where it has no codec server', async () => {
  expect(await refusalOf(decodeAs(ben))).toMatchObject({ code: 'not_found' });
  const { workflow } = await anna.client.execution.getExecution.query({ id });
  const bens = await startEncrypted(workflow.id, ben.id);
  expect(await refusalOf(decodeAs(ben, bens))).toMatchObject({ code: 'permission_denied' });
  const shown = await decoding.clientWith(ben.token).execution.getExecution.query({ id: bens });
  expect(shown).toMatchObject({ inputNote: 'undecodable: binary/encrypted', isDecodable: false });
  expect(await refusalOf(anna.client.execution.decodePayloads.query({ id }))).toMatchObject({
    code: 'permission_denied',
  });
});

test('a codec server that fails is a note, without its words', async () => {
  isAway = true;
  try {
    expect(await decodeAs(anna)).toMatchObject({ input: null, inputNote: 'codec_unavailable: it answered 503' });
  } finally {
    isAway = false;
  }
});
