import { resolve } from 'node:path';
import { Connection } from '@temporalio/client';
import { env } from './env.ts';
import { freePort } from './ports.ts';
import type { SupervisedProcess } from './supervised-process.ts';
import { supervise } from './supervised-process.ts';
import { findTemporalBinary } from './temporal-binary.ts';

export type TemporalSearchAttributeType = 'Text' | 'Keyword' | 'Int' | 'Double' | 'Bool' | 'Datetime' | 'KeywordList';

export type StartTemporalOptions = {
  /** Joins this server instead of starting one. Default: the variable TEMPORAL_ADDRESS. */
  address?: string | null;
  /** Keeps workflows across restarts. Default: in memory, which only grows. */
  dbFilename?: string;
  /** Default: a free one. */
  port?: number;
  /** Serves Temporal's own web pages here. Default: none. */
  uiPort?: number | null;
  /** The first is the one in the result. */
  namespaces?: string[];
  dynamicConfig?: Record<string, unknown>;
  searchAttributes?: Record<string, TemporalSearchAttributeType>;
  log?: (text: string) => void;
};

export type LocalTemporal = {
  address: string;
  namespace: string;
  uiUrl: string | undefined;
  /** Path of the Temporal CLI that runs the server; undefined when a running server was joined, as is `pid`. */
  cli: string | undefined;
  pid: number | undefined;
  /** Resolves when the server has ended, by whatever cause; never for one that was joined. */
  ended: Promise<void>;
  /** The last lines it wrote. */
  tail(): string;
  /** Ends the server; does nothing to one that was joined. */
  stop(): Promise<void>;
  /** Ends it without notice (SIGKILL), as a crash would. */
  kill(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

function argumentsOf(options: StartTemporalOptions, port: number): string[] {
  const { uiPort, dbFilename, namespaces = [], dynamicConfig = {}, searchAttributes = {} } = options;
  return [
    ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', `${port}`, '--log-level', 'error'],
    ...(uiPort ? ['--ui-port', `${uiPort}`, '--ui-ip', '127.0.0.1', '--ui-disable-news-fetch'] : ['--headless']),
    // Write-ahead logging is two to three times as fast as the default and loses nothing when the server is killed.
    ...(dbFilename ? ['--db-filename', resolve(dbFilename)] : []),
    ...(dbFilename ? ['--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=NORMAL'] : []),
    ...namespaces.filter((name) => name !== 'default').flatMap((name) => ['--namespace', name]),
    ...Object.entries(dynamicConfig).flatMap(([key, value]) => [
      '--dynamic-config-value',
      `${key}=${JSON.stringify(value)}`,
    ]),
    ...Object.entries(searchAttributes).flatMap(([name, type]) => ['--search-attribute', `${name}=${type}`]),
  ];
}

async function describeNamespaces(address: string, namespaces: string[]): Promise<void> {
  const connection = Connection.lazy({
    address,
    connectTimeout: 1000,
    // Whoever asks for this asks again; a repeat that still waited would be made on a closed connection.
    interceptors: [],
    // Of its own, so that the refused attempts of start-up do not slow down later connections to the same address.
    channelArgs: { 'grpc.use_local_subchannel_pool': 1 },
  });
  try {
    await connection.ensureConnected();
    for (const namespace of namespaces) {
      await connection.withDeadline(Date.now() + 2000, () =>
        connection.workflowService.describeNamespace({ namespace }),
      );
    }
  } finally {
    await connection.close();
  }
}

/** A start takes a second or two. A machine that does many other things may take minutes; a server that has ended is told at once. */
const READY_WITHIN_MS = 300_000;

class EndedEarly extends Error {}

/** A server is healthy when it answers for every namespace; its port opens earlier. */
async function untilHealthy(server: SupervisedProcess, address: string, namespaces: string[]): Promise<void> {
  let ended = false;
  server.ended.then(() => {
    ended = true;
  });
  for (const deadline = Date.now() + READY_WITHIN_MS; ; await new Promise((next) => setTimeout(next, 50))) {
    if (ended) throw new EndedEarly(`The Temporal dev server ended while it was starting:\n${server.tail()}`);
    try {
      return await describeNamespaces(address, namespaces);
    } catch (cause) {
      if (Date.now() < deadline) continue;
      throw new Error(`The Temporal dev server is not healthy after ${READY_WITHIN_MS / 1_000} s:\n${server.tail()}`, {
        cause,
      });
    }
  }
}

function joinTemporal(address: string, namespace: string): LocalTemporal {
  const nothing = async () => {};
  const kill = async () => {
    throw new Error(`The Temporal server at ${address} was joined, not started, so it is not ours to kill.`);
  };
  return {
    address,
    namespace,
    uiUrl: undefined,
    cli: undefined,
    pid: undefined,
    ended: new Promise(() => {}),
    tail: () => '',
    stop: nothing,
    kill,
    [Symbol.asyncDispose]: nothing,
  };
}

async function startServer(cli: string, options: StartTemporalOptions, namespaces: string[]) {
  for (let attempt = 1; ; attempt++) {
    const port = options.port ?? (await freePort());
    const address = `127.0.0.1:${port}`;
    const server = await supervise({
      command: cli,
      args: argumentsOf(options, port),
      env: { TEMPORAL_VERSION_CHECK_DISABLED: '1' },
      onOutput: options.log,
    });
    try {
      await untilHealthy(server, address, namespaces);
      return { server, address };
    } catch (error) {
      await server.end('SIGKILL');
      // A port may be taken by somebody else before the server binds it: the one it was given, or one that it chose for a
      // service within, of which it tells only where it was.
      if (!(error instanceof EndedEarly) || attempt === 3) throw error;
    }
  }
}

/** Starts a Temporal dev server on 127.0.0.1, which ends with this process, or joins a running one. Ready in about 1 s. */
export async function startTemporal(options: StartTemporalOptions = {}): Promise<LocalTemporal> {
  const namespaces = options.namespaces ?? ['default'];
  const namespace = namespaces[0] ?? 'default';
  const running = options.address === undefined ? env.temporalAddress : options.address;
  if (running) return joinTemporal(running, namespace);

  const cli = await findTemporalBinary({ log: options.log });
  const { server, address } = await startServer(cli, options, namespaces);
  const kill = () => server.end('SIGKILL');
  // Its orderly end takes a second, which only a file is worth.
  const stop = options.dbFilename ? () => server.end('SIGTERM') : kill;
  return {
    address,
    namespace,
    uiUrl: options.uiPort ? `http://127.0.0.1:${options.uiPort}` : undefined,
    cli,
    pid: server.pid,
    ended: server.ended,
    tail: server.tail,
    stop,
    kill,
    [Symbol.asyncDispose]: stop,
  };
}
