import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { buildDashboard } from '@runledger/dashboard/build';
import { freePort } from '@runledger/local-stack';
import { SignJWT } from 'jose';
import type { Calls } from '../count-calls.ts';
import type { BenchLedger } from '../ledger.ts';

export interface HandRoute {
  url: string;
  key: string;
  jwtSecret: string;
  temporalAddress: string;
  port: number;
}

export interface ServerProcess extends AsyncDisposable {
  url: string;
  pid: number;
}

export interface ApiProcess extends ServerProcess {
  /** What it has called so far, and its memory in bytes. */
  figures(): Promise<{ calls: Calls; rss: number }>;
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}

/** One user calls as often as many would. */
const UNLIMITED = {
  RUNLEDGER_REQUESTS_PER_MINUTE: 'none',
  RUNLEDGER_WRITES_PER_MINUTE: 'none',
  RUNLEDGER_STORED_BYTES_PER_DAY: 'none',
  RUNLEDGER_STREAMS_PER_USER: 'none',
  RUNLEDGER_CALLS_AT_ONCE: 'none',
  RUNLEDGER_UNVERIFIED_PER_MINUTE: 'none',
  RUNLEDGER_CONNECTIONS_PER_ADDRESS: 'none',
};

/** `apps/api` over a ledger, where anybody may call as often as they like unless it is `limited`; with the page where it is asked for. */
export async function startApi(
  ledger: BenchLedger,
  temporalAddress: string,
  { limited = false, page = false } = {},
): Promise<ApiProcess> {
  const port = await freePort();
  const file = fileURLToPath(new URL('./counted-api.ts', import.meta.url));
  const child = fork(file, [], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: {
      PATH: process.env.PATH,
      DO_NOT_TRACK: '1',
      LOG_LEVEL: 'silent',
      PORT: String(port),
      SUPABASE_URL: ledger.url,
      SUPABASE_ANON_KEY: ledger.publishableKey,
      SUPABASE_SERVICE_ROLE_KEY: ledger.key,
      SUPABASE_JWT_SECRET: ledger.jwtSecret,
      TEMPORAL_ADDRESS: temporalAddress,
      RUNLEDGER_STARTABLE: '[{"workflowType":"order","taskQueue":"nobody"}]',
      ...(limited ? {} : UNLIMITED),
      ...(page ? { RUNLEDGER_DASHBOARD: await buildDashboard() } : {}),
    },
  });
  const url = `http://127.0.0.1:${port}`;
  for (let tries = 0; ; tries += 1) {
    const health = await fetch(`${url}/healthz`).catch(() => null);
    if (health?.ok) break;
    if (tries > 600 || child.exitCode !== null) throw new Error('the API did not start');
    await pause(100);
  }
  return {
    url,
    pid: child.pid as number,
    async figures() {
      const answer = once(child, 'message');
      child.send('figures');
      const [figures] = (await answer) as [{ calls: Calls; rss: number }];
      return figures;
    },
    [Symbol.asyncDispose]: () => ended(child),
  };
}

/** The hand-written route over its own table. */
export async function startHandRoute(ledger: BenchLedger, temporalAddress: string): Promise<ServerProcess> {
  const port = await freePort();
  const { url, key, jwtSecret } = ledger;
  const options: HandRoute = { url, key, jwtSecret, temporalAddress, port };
  const child = fork(fileURLToPath(new URL('./hand-route.ts', import.meta.url)), [JSON.stringify(options)], {
    env: { PATH: process.env.PATH, DO_NOT_TRACK: '1' },
  });
  await once(child, 'message');
  return { url: `http://127.0.0.1:${port}`, pid: child.pid as number, [Symbol.asyncDispose]: () => ended(child) };
}

/** A user of the ledger, with a token as Supabase Auth signs it. */
export async function addUser({ database, jwtSecret }: BenchLedger, id: string): Promise<string> {
  await database.query('insert into runledger.users (id) values ($1) on conflict do nothing', [id]);
  return new SignJWT({ sub: id, aud: 'authenticated', role: 'authenticated' })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuedAt()
    .setExpirationTime('2h')
    .sign(new TextEncoder().encode(jwtSecret));
}
