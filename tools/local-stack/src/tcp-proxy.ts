import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';

export type TcpProxyOptions = {
  /** `host:port` that connections are passed on to; nobody needs to listen there yet. */
  target: string;
  /** Default: a free one. */
  port?: number;
};

export type Slowness = {
  /** How much later everything arrives, in each direction. */
  latencyMs: number;
  /** Of each connection, in each direction. Default: no limit. */
  bytesPerSecond?: number;
};

export type TcpProxyCounters = {
  /** Accepted and passed on, or waiting for the end of a stall. */
  connections: number;
  open: number;
  /** Turned away while cut, or because nobody listened at the target. */
  refused: number;
  /** In both directions. */
  bytes: number;
};

export type TcpProxy = {
  port: number;
  /** `127.0.0.1:port`. */
  address: string;
  /** Resets every connection, and each new one, until restore(). */
  cut(): void;
  /** Passes everything on late, until restore(). */
  slow(slowness: Slowness): void;
  /** Keeps and accepts connections but passes nothing on, until restore(): then nothing is lost, only late. */
  stall(): void;
  restore(): void;
  counters(): TcpProxyCounters;
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

type Arrived = { chunk: Buffer; at: number };

/** Notes when each chunk came, and reads ahead, so that a delay postpones what is sent without limiting how much. */
const stampArrivals = () =>
  new Transform({
    readableObjectMode: true,
    readableHighWaterMark: 64,
    transform: (chunk: Buffer, _encoding, done) => done(null, { chunk, at: performance.now() } satisfies Arrived),
  });

/** A socket that has ended its side cannot be reset any more: it would stay open, and the process would never end. */
function resetSocket(socket: Socket): void {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}

/** A gate that everything passes through; closed while the proxy stalls. */
function createGate() {
  let opened = Promise.withResolvers<void>();
  opened.resolve();
  return {
    close: () => {
      opened.resolve();
      opened = Promise.withResolvers<void>();
    },
    open: () => opened.resolve(),
    passed: () => opened.promise,
  };
}

/**
 * Stands between two parts on 127.0.0.1 and disturbs their connection on demand: the network as it is on bad days, and
 * without privileges. Slowness begins with the next chunk of a connection.
 */
export async function startTcpProxy({ target, port = 0 }: TcpProxyOptions): Promise<TcpProxy> {
  const { hostname: host, port: targetPort } = new URL(`tcp://${target}`);
  const sockets = new Set<Socket>();
  const counters = { connections: 0, refused: 0, bytes: 0 };
  const gate = createGate();
  let isCut = false;
  let slowness: Slowness = { latencyMs: 0 };

  async function* pace(arrivals: AsyncIterable<Arrived>): AsyncGenerator<Buffer> {
    for await (const { chunk, at } of arrivals) {
      const { latencyMs, bytesPerSecond } = slowness;
      const early = latencyMs === 0 ? 0 : at + latencyMs - performance.now();
      if (early > 0) await delay(early);
      if (bytesPerSecond) await delay((chunk.length * 1000) / bytesPerSecond);
      await gate.passed();
      counters.bytes += chunk.length;
      yield chunk;
    }
  }

  function keep(socket: Socket): void {
    sockets.add(socket);
    socket.setNoDelay(true);
    // Errors end the pipelines below; a socket that is reset before it is part of one has nobody else to tell.
    socket.on('error', () => socket.destroy());
    socket.once('close', () => sockets.delete(socket));
  }

  async function pass(near: Socket): Promise<void> {
    await gate.passed();
    if (near.destroyed) return;
    const far = connect({ host, port: Number(targetPort), allowHalfOpen: true });
    keep(far);
    try {
      await once(far, 'connect');
    } catch {
      counters.refused += 1;
      resetSocket(near);
      return;
    }
    await Promise.all([pipeline(near, stampArrivals(), pace, far), pipeline(far, stampArrivals(), pace, near)]).catch(
      () => {},
    );
    near.destroy();
    far.destroy();
  }

  const server = createServer({ allowHalfOpen: true }, (near) => {
    keep(near);
    if (isCut) {
      counters.refused += 1;
      resetSocket(near);
      return;
    }
    counters.connections += 1;
    void pass(near);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const { port: listening } = server.address() as AddressInfo;

  function restore(): void {
    isCut = false;
    slowness = { latencyMs: 0 };
    gate.open();
  }
  function reset(): void {
    for (const socket of sockets) resetSocket(socket);
  }
  async function stop(): Promise<void> {
    const closed = server.listening ? once(server, 'close') : undefined;
    server.close();
    reset();
    restore();
    await closed;
  }
  return {
    port: listening,
    address: `127.0.0.1:${listening}`,
    cut() {
      restore();
      isCut = true;
      reset();
    },
    slow(how) {
      restore();
      slowness = how;
    },
    stall() {
      restore();
      gate.close();
    },
    restore,
    counters: () => ({
      ...counters,
      open: server.listening ? [...sockets].filter((s) => s.localPort === listening).length : 0,
    }),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
