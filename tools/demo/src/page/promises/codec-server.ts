import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PayloadCodec } from '@temporalio/common';

/** Stands for encryption: bytes in reverse. */
export const REVERSING: PayloadCodec = {
  encode: async (payloads) =>
    payloads.map(({ data }) => ({
      metadata: { encoding: Buffer.from('binary/encrypted') },
      data: Buffer.from(data ?? []).reverse(),
    })),
  decode: async (payloads) => payloads,
};

interface Sent {
  payloads: { data: string }[];
}

/** A codec server of Temporal's protocol that decodes what `REVERSING` encodes, unless it is told to refuse. */
export async function startCodecServer() {
  let isRefusing = false;
  const server = createServer(async (request, response) => {
    const { payloads } = JSON.parse(Buffer.concat(await request.toArray()).toString()) as Sent;
    if (isRefusing) return response.writeHead(503).end('the key is s3cret');
    const encoding = Buffer.from('json/plain').toString('base64');
    const decoded = payloads.map(({ data }) => ({
      metadata: { encoding },
      data: Buffer.from(data, 'base64').reverse().toString('base64'),
    }));
    response.end(JSON.stringify({ payloads: decoded }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    refuse(does: boolean) {
      isRefusing = does;
    },
    stop: () => server.close(),
  };
}
