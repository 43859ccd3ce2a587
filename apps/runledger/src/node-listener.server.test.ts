import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { expect, test } from 'vitest';
import { nodeListener } from './node-listener.ts';

const echo = nodeListener(async (request) =>
  Response.json({ path: new URL(request.url).pathname, body: await request.text() }),
);

async function answerOf(parser: express.RequestHandler | null, body: string): Promise<unknown> {
  const app = express();
  if (parser) app.use(parser);
  app.use('/api/runledger', echo);
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const { port } = server.address() as AddressInfo;
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`http://127.0.0.1:${port}/api/runledger/trpc`, { method: 'POST', headers, body });
    return await answer.json();
  } finally {
    server.close();
  }
}

test.each([
  ['nothing', null],
  ['a parser of JSON', express.json()],
  ['one of texts', express.text({ type: '*/*' })],
  ['one of bytes', express.raw({ type: '*/*' })],
  ['one of something else', express.urlencoded()],
])('with Express, after %s, a body is what was sent, and the path begins at the mount', async (_, parser) => {
  const sent = { input: { item: 'tea é 🍵', parts: [1, null] } };
  expect(await answerOf(parser, JSON.stringify(sent))).toEqual({
    path: '/trpc',
    body: JSON.stringify(sent),
  });
});
