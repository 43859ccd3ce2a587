import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { startTcpProxy } from './tcp-proxy.ts';

/** Answers everything with itself. */
async function startEcho(): Promise<string> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => {});
    socket.pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function startProxy(target?: string) {
  const proxy = await startTcpProxy({ target: target ?? (await startEcho()) });
  onTestFinished(() => proxy.stop());
  return proxy;
}

function open(port: number): Socket {
  const socket = connect({ port, host: '127.0.0.1' });
  socket.on('error', () => {});
  onTestFinished(() => {
    socket.destroy();
  });
  return socket;
}

async function answer(socket: Socket): Promise<string> {
  const [data] = await once(socket, 'data');
  return String(data);
}

const closed = (socket: Socket) => new Promise((resolve) => socket.once('close', resolve));

/** What happens first: an answer, or a quarter of a second. */
const answeredSoon = (socket: Socket) =>
  Promise.race([answer(socket), new Promise<null>((resolve) => setTimeout(() => resolve(null), 250))]);

test('passes on everything that is sent, and the end of it, in both directions', async () => {
  const proxy = await startProxy();
  const socket = open(proxy.port);
  const sent = 'x'.repeat(3_000_000);
  socket.end(sent);
  expect(await text(socket)).toBe(sent);
  expect(proxy.counters()).toMatchObject({ connections: 1, refused: 0, bytes: 2 * sent.length });
});

test('a cut resets what is open and what comes anew, until it is restored', async () => {
  const proxy = await startProxy();
  const before = open(proxy.port);
  before.write('one');
  expect(await answer(before)).toBe('one');
  proxy.cut();
  await closed(before);
  await closed(open(proxy.port));
  expect(proxy.counters()).toMatchObject({ connections: 1, refused: 1, open: 0 });
  proxy.restore();
  const after = open(proxy.port);
  after.write('two');
  expect(await answer(after)).toBe('two');
});

test('a stall loses nothing: what was sent meanwhile arrives when it is restored', async () => {
  const proxy = await startProxy();
  const before = open(proxy.port);
  before.write('one');
  expect(await answer(before)).toBe('one');
  proxy.stall();
  const during = open(proxy.port);
  before.write('two');
  during.write('three');
  expect(await Promise.all([answeredSoon(before), answeredSoon(during)])).toEqual([null, null]);
  expect(proxy.counters()).toMatchObject({ connections: 2, refused: 0 });
  const late = Promise.all([answer(before), answer(during)]);
  proxy.restore();
  expect(await late).toEqual(['two', 'three']);
});

test('what is slow comes later, and is still whole', async () => {
  const proxy = await startProxy();
  proxy.slow({ latencyMs: 200, bytesPerSecond: 1_000_000 });
  const socket = open(proxy.port);
  socket.write('one');
  expect(await answeredSoon(socket)).toBeNull();
  const sent = 'y'.repeat(100_000);
  socket.end(sent);
  expect(await text(socket)).toBe(`one${sent}`);
  proxy.restore();
  const quick = open(proxy.port);
  quick.write('two');
  expect(await answeredSoon(quick)).toBe('two');
});

test('a server that has said its last word still gets what its client sends', async () => {
  const received = Promise.withResolvers<string>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.end('goodbye');
    received.resolve(text(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
  });
  const proxy = await startProxy(`127.0.0.1:${(server.address() as AddressInfo).port}`);
  const socket = connect({ port: proxy.port, host: '127.0.0.1', allowHalfOpen: true });
  expect(await text(socket)).toBe('goodbye');
  socket.end('one more thing');
  expect(await received.promise).toBe('one more thing');
});

test('a target that is not there resets the connection, and is tried again for the next one', async () => {
  const echo = await startEcho();
  const free = await startProxy();
  await free.stop();
  const proxy = await startProxy(free.address);
  await closed(open(proxy.port));
  expect(proxy.counters()).toMatchObject({ refused: 1 });
  const revived = await startTcpProxy({ target: echo, port: free.port });
  onTestFinished(() => revived.stop());
  const socket = open(proxy.port);
  socket.write('one');
  expect(await answer(socket)).toBe('one');
});
