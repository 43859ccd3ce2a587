import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { ConnectionLimits } from './connection-limits.ts';
import { DEFAULT_CONNECTION_LIMITS } from './connection-limits.ts';
import { listen } from './listen.ts';

/** So long that a test which waits for it fails. */
const NEVER_MS = 3_600_000;
const PATIENT: ConnectionLimits = {
  ...DEFAULT_CONNECTION_LIMITS,
  ...{ headersMs: NEVER_MS, requestMs: NEVER_MS, silentMs: NEVER_MS, keepAliveMs: NEVER_MS, checkMs: 20 },
};

/** A server with one short limit, and connections to it. */
async function serve(
  limits: Partial<ConnectionLimits>,
  answer: (request: Request) => Response = () => new Response('fine'),
) {
  const server = await listen({
    ...{ port: 0, host: '127.0.0.1', variable: 'PORT', fetch: answer },
    connectionLimits: { ...PATIENT, ...limits },
  });
  onTestFinished(() => server.close(0));
  return async (text: string): Promise<Socket> => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    if (text) socket.write(text);
    return socket;
  };
}

const isClosed = (socket: Socket) => new Promise((resolve) => socket.resume().once('close', resolve));

test('a connection that says nothing is closed', async () => {
  const open = await serve({ headersMs: 50 });
  await isClosed(await open(''));
});

test('headers that come byte by byte are not waited for', async () => {
  const open = await serve({ headersMs: 50 });
  const socket = await open('GET / HTTP/1.1\r\nhost: x\r\n');
  const drip = setInterval(() => socket.write('x-slow: 1\r\n'), 10);
  onTestFinished(() => clearInterval(drip));
  await isClosed(socket);
});

test('a body that comes byte by byte is not waited for', async () => {
  const open = await serve({ headersMs: 50, requestMs: 50 });
  const socket = await open('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000\r\n\r\n');
  const drip = setInterval(() => socket.write('x'), 10);
  onTestFinished(() => clearInterval(drip));
  await isClosed(socket);
});

test('a reader who does not read is left', async () => {
  const left = Promise.withResolvers<void>();
  const open = await serve({ silentMs: 100 }, () => {
    const body = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(100_000)),
      cancel: () => left.resolve(),
    });
    return new Response(body);
  });
  const socket = await open('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
  await once(socket, 'data');
  socket.pause();
  await left.promise;
});

test('an address has as many connections as it may have, and another when one is closed', async () => {
  const open = await serve({ connectionsPerAddress: 2 });
  const ask = 'GET / HTTP/1.1\r\nhost: x\r\n\r\n';
  const [first, second] = [await open(ask), await open(ask)];
  await Promise.all([once(first, 'data'), once(second, 'data')]);
  await isClosed(await open(''));
  first.destroy();
  await expect
    .poll(async () => {
      const socket = await open(ask);
      return Promise.race([once(socket, 'data').then(() => 'answered'), isClosed(socket).then(() => 'closed')]);
    })
    .toBe('answered');
});

test('there are as many connections as there may be in all', async () => {
  const open = await serve({ connections: 1 });
  await once(await open('GET / HTTP/1.1\r\nhost: x\r\n\r\n'), 'data');
  await isClosed(await open(''));
});
