import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { loadDataConverter } from '@temporalio/common/lib/internal-non-workflow/index.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeOutput } from './output.ts';
import type { RemoteCodecOptions } from './remote-codec.ts';
import { createRemoteCodec } from './remote-codec.ts';

type Answer = (body: string, request: IncomingMessage, response: ServerResponse) => void;

let url: string;
let answer: Answer;
const server = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => answer(Buffer.concat(parts).toString(), request, response));
});
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const base64 = (text: string) => Buffer.from(text).toString('base64');
const SENT = { metadata: { encoding: Buffer.from('binary/encrypted') }, data: Buffer.from('?') };
const plain = (value: unknown) => ({
  metadata: { encoding: base64('json/plain') },
  data: base64(JSON.stringify(value)),
});

function decode(options: Partial<RemoteCodecOptions> = {}) {
  const codec = createRemoteCodec({ endpoint: url, ...options }, 'shop one');
  return decodeOutput(loadDataConverter({ payloadCodecs: [codec] }), [SENT]);
}

test('payloads are sent as protobuf has them in JSON, with the namespace, and read back', async () => {
  const asked: unknown[] = [];
  answer = (body, { url: path, method, headers }, response) => {
    const { authorization, 'x-namespace': namespace } = headers;
    asked.push({ path, method, authorization, namespace, type: headers['content-type'], body: JSON.parse(body) });
    response.end(JSON.stringify({ payloads: [plain({ total: 7 })] }));
  };
  const decoded = await decode({ endpoint: `${url}/{namespace}/`, authorization: 'Bearer codec-key' });
  expect(decoded).toEqual({ output: { total: 7 }, outputNote: null });
  expect(asked).toEqual([
    {
      ...{ path: '/shop%20one/decode', method: 'POST', authorization: 'Bearer codec-key', namespace: 'shop one' },
      ...{ type: 'application/json' },
      body: { payloads: [{ metadata: { encoding: base64('binary/encrypted') }, data: base64('?') }] },
    },
  ]);
});

test('what is to be sent is encoded by the same server', async () => {
  let asked = '';
  answer = (body, { url: path }, response) => {
    asked = `${path}`;
    response.end(body.replace(base64('json/plain'), base64('binary/encrypted')));
  };
  const [sent] = await createRemoteCodec({ endpoint: url }, 'shop').encode([
    { metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from('{}') },
  ]);
  expect([asked, Buffer.from(sent?.metadata?.encoding ?? []).toString()]).toEqual(['/encode', 'binary/encrypted']);
});

test.each<[string, Answer, string]>([
  ['an error', (_, __, response) => response.writeHead(503).end('key vault down'), 'it answered 503'],
  ['another form', (_, __, response) => response.end('{"payloads":"no"}'), 'its answer is not one of a codec server'],
  ['no JSON', (_, __, response) => response.end('<html>'), 'its answer is not one of a codec server'],
  ['too few', (_, __, response) => response.end('{"payloads":[]}'), 'it answered other payloads'],
  ['too much', (_, __, response) => response.end('x'.repeat(2_000)), 'its answer is larger than 1000 bytes'],
  ['nothing', () => {}, 'no answer within 200 ms'],
  ['elsewhere', (_, __, response) => response.writeHead(307, { location: url }).end(), 'it cannot be reached'],
  ['a hang-up', (_, request) => request.socket.destroy(), 'it cannot be reached'],
])('a codec server that answers %s is a note, and no fault of the reader', async (_, how, why) => {
  answer = how;
  expect(await decode({ timeoutMs: 200, maxBytes: 1_000 })).toEqual({
    output: null,
    outputNote: `codec_unavailable: ${why}`,
  });
});

test('what it gives back without decoding it is undecodable, as without it', async () => {
  answer = (body, _, response) => response.end(body);
  expect(await decode()).toEqual({ output: null, outputNote: 'undecodable: binary/encrypted' });
});
