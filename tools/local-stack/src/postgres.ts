import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { freePort } from './ports.ts';
import type { Account, PostgresInstallation, PostgresVersion } from './postgres-installation.ts';
import { closedFolder, postgresInstallation, serverAccount } from './postgres-installation.ts';
import type { SupervisedProcess } from './supervised-process.ts';
import { supervise } from './supervised-process.ts';
import { temporaryFolder } from './temporary-folder.ts';

export type StartPostgresOptions = {
  version: PostgresVersion;
  /** Kept on stop. Default: a temporary folder, removed on stop. */
  dataDir?: string;
  /** Default: a free one. */
  port?: number;
  /** Survives a crash of the machine (fsync). Default: true with `dataDir`, else false. */
  durable?: boolean;
  /** More settings, as in postgresql.conf. */
  settings?: Record<string, string>;
  log?: (text: string) => void;
};

export type Postgres = {
  version: PostgresVersion;
  port: number;
  pid: number;
  dataDir: string;
  url(database?: string): string;
  createDatabase(name: string, options?: { template?: string }): Promise<void>;
  /** Disconnects whoever is connected to it. */
  dropDatabase(name: string): Promise<void>;
  /** Ends sessions, writes a checkpoint, removes a temporary data folder. */
  stop(): Promise<void>;
  /** As a crash would: no checkpoint, the next start on the same `dataDir` recovers from the log. */
  stopImmediately(): Promise<void>;
  /** Lets this Node process exit without stop(); the server ends with it. */
  unref(): void;
  [Symbol.asyncDispose](): Promise<void>;
};

type Cluster = { dataDir: string; temporary: boolean; password: string; account: Account | undefined };

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );

async function initialise(installation: PostgresInstallation, cluster: Omit<Cluster, 'password'>): Promise<void> {
  const { dataDir, account } = cluster;
  const passwordFile = join(dataDir, '..', `.${randomBytes(6).toString('hex')}`);
  await writeFile(passwordFile, randomBytes(18).toString('base64url'), { mode: 0o600 });
  if (account) await chown(passwordFile, account.uid, account.gid);
  try {
    const flags = ['--username=postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`, '--encoding=UTF8'];
    // The C locale is on every machine and sorts the same on all of them.
    await promisify(execFile)(installation.initdb, [`--pgdata=${dataDir}`, ...flags, '--no-locale', '--no-sync'], {
      ...account,
      cwd: '/',
    });
    await writeFile(join(dataDir, 'runledger.password'), await readFile(passwordFile), { mode: 0o600 });
  } finally {
    await rm(passwordFile, { force: true });
  }
}

async function enterable(folder: string): Promise<void> {
  const closed = await closedFolder(folder);
  if (!closed) return;
  throw new Error(
    `Postgres does not run as root, and the user it runs as cannot enter ${closed}. ` +
      `Choose a data folder elsewhere, or run \`chmod o+x ${closed}\`.`,
  );
}

async function openCluster(installation: PostgresInstallation, options: StartPostgresOptions): Promise<Cluster> {
  const temporary = options.dataDir === undefined;
  const parent = options.dataDir ? resolve(options.dataDir) : await temporaryFolder('postgres');
  const cluster = { dataDir: join(parent, `postgres-${options.version}`), temporary, account: serverAccount() };
  const { dataDir, account } = cluster;
  try {
    await mkdir(dataDir, { recursive: true });
    if (temporary) await chmod(parent, 0o755);
    if (account) await enterable(parent);
    if (await exists(join(dataDir, 'PG_VERSION'))) {
      const { uid, gid } = await stat(dataDir);
      if (account) cluster.account = { uid, gid };
    } else {
      if (account) await chown(dataDir, account.uid, account.gid);
      await initialise(installation, cluster);
    }
    return { ...cluster, password: await readFile(join(dataDir, 'runledger.password'), 'utf8') };
  } catch (error) {
    if (temporary) await rm(parent, { recursive: true, force: true });
    throw error;
  }
}

/** What is not to survive a crash is written when it suits, and its log stays small: it may be kept in memory. */
const THROWN_AWAY = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_wal_size: '256MB' };

function settingsOf(options: StartPostgresOptions): string[] {
  const durable = options.durable ?? options.dataDir !== undefined;
  const settings: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    timezone: 'UTC',
    lc_messages: 'C',
    max_connections: '200',
    ...(durable ? {} : THROWN_AWAY),
    ...options.settings,
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** A start takes a second or two. A machine that does many other things may take minutes; a server that has ended is told at once. */
const READY_WITHIN_MS = 300_000;

async function untilReady(server: SupervisedProcess, url: string): Promise<void> {
  let ended = false;
  server.ended.then(() => {
    ended = true;
  });
  for (const deadline = Date.now() + READY_WITHIN_MS; ; await new Promise((next) => setTimeout(next, 20))) {
    if (ended) throw new Error(`Postgres ended while it was starting:\n${server.tail()}`);
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      await client.end();
      return;
    } catch (cause) {
      if (Date.now() > deadline)
        throw new Error(`Postgres is not ready after ${READY_WITHIN_MS / 1_000} s:\n${server.tail()}`, { cause });
    }
  }
}

/**
 * Starts a real Postgres server, on 127.0.0.1 only, with a random password. It ends with this process. About 1 s with a
 * new data folder, 0.1 s with an old one.
 */
export async function startPostgres(options: StartPostgresOptions): Promise<Postgres> {
  const installation = await postgresInstallation(options.version, serverAccount());
  const cluster = await openCluster(installation, options);
  const port = options.port ?? (await freePort());
  const url = (database = 'postgres') => `postgresql://postgres:${cluster.password}@127.0.0.1:${port}/${database}`;
  const parent = join(cluster.dataDir, '..');
  const removeTemporary = () => (cluster.temporary ? rm(parent, { recursive: true, force: true }) : undefined);

  const server = await supervise({
    command: installation.postgres,
    args: ['-D', cluster.dataDir, '-p', `${port}`, ...settingsOf(options)],
    ...cluster.account,
    onOutput: options.log,
    endSignal: 'INT',
    ...(cluster.temporary ? { removeAfterwards: parent } : {}),
  });
  const end = async (signal: NodeJS.Signals) => {
    await server.end(signal, 30_000);
    await removeTemporary();
  };
  try {
    await untilReady(server, url());
  } catch (error) {
    await end('SIGQUIT');
    throw error;
  }

  async function administer(sql: (client: pg.Client) => string): Promise<void> {
    const client = new pg.Client({ connectionString: url() });
    await client.connect();
    await client.query(sql(client)).finally(() => client.end());
  }
  const stop = () => end('SIGINT');
  return {
    version: options.version,
    port,
    pid: server.pid,
    dataDir: cluster.dataDir,
    url,
    createDatabase: (name, { template } = {}) =>
      administer(
        (client) =>
          `create database ${client.escapeIdentifier(name)}${template ? ` template ${client.escapeIdentifier(template)}` : ''}`,
      ),
    dropDatabase: (name) =>
      administer((client) => `drop database if exists ${client.escapeIdentifier(name)} with (force)`),
    stop,
    stopImmediately: () => end('SIGQUIT'),
    unref: server.unref,
    [Symbol.asyncDispose]: stop,
  };
}
