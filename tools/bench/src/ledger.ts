import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Postgres, SqlDatabase, SupabaseKeys } from '@runledger/local-stack';
import { createSupabaseKeys, freePort, openPostgres } from '@runledger/local-stack';

export interface LedgerServerOptions {
  databaseUrl: string;
  port: number;
  keys: SupabaseKeys;
}

export interface BenchLedger extends AsyncDisposable {
  url: string;
  key: string;
  publishableKey: string;
  /** What its Auth signs tokens with. */
  jwtSecret: string;
  /** Past the API, as the owner of the database. */
  database: SqlDatabase;
  /** From now on connections are refused. */
  stop(): Promise<void>;
  /** Serves again, at the same address. */
  start(): Promise<void>;
}

/** A ledger of its own on the given Postgres, its API in a process of its own. */
export async function openLedger(postgres: Postgres, name: string): Promise<BenchLedger> {
  await postgres.createDatabase(name);
  const keys = createSupabaseKeys();
  const options: LedgerServerOptions = { databaseUrl: postgres.url(name), port: await freePort(), keys };
  let server: ChildProcess | null = null;

  async function start(): Promise<void> {
    const file = fileURLToPath(new URL('./ledger-server.ts', import.meta.url));
    const env = { PATH: process.env.PATH, DO_NOT_TRACK: '1', LITE_TELEMETRY: '0' };
    const child = fork(file, [JSON.stringify(options)], { env });
    const ended = once(child, 'exit').then(() => {
      throw new Error('the API of the ledger ended while it was starting');
    });
    await Promise.race([once(child, 'message'), ended]);
    ended.catch(() => undefined);
    server = child;
  }

  async function stop(): Promise<void> {
    if (server?.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    server.kill('SIGKILL');
    await ended;
  }

  await start();
  const database = await openPostgres(options.databaseUrl, { max: 2 });
  return {
    url: `http://127.0.0.1:${options.port}`,
    key: keys.secretKey,
    publishableKey: keys.publishableKey,
    jwtSecret: keys.jwtSecret,
    database,
    start,
    stop,
    async [Symbol.asyncDispose]() {
      await stop();
      await database.close();
    },
  };
}
