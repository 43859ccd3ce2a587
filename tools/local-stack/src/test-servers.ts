import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { env } from './env.ts';
import type { Postgres } from './postgres.ts';
import { startPostgres } from './postgres.ts';
import type { PostgresVersion } from './postgres-installation.ts';
import type { LocalTemporal } from './temporal.ts';
import { startTemporal } from './temporal.ts';

/**
 * The servers of a test run. Tests of the database hold transactions open, prepare some and change roles, which all databases
 * of a server feel: the change feed stands still meanwhile. So those that only keep their rows in one have a server apart.
 */
const VERSIONS = { 'postgres-15': 15, 'postgres-17': 17, 'supabase-17': 17 } as const satisfies Record<
  string,
  PostgresVersion
>;
export type TestServer = keyof typeof VERSIONS;

const servers = new Map<TestServer, Promise<Postgres>>();

function ownServer(name: TestServer): Promise<Postgres> {
  const running = servers.get(name);
  if (running) return running;
  const starting = startPostgres({ version: VERSIONS[name] });
  servers.set(name, starting);
  return starting;
}

let temporal: Promise<LocalTemporal> | undefined;

function ownTemporal(): Promise<LocalTemporal> {
  temporal ??= startTemporal({ address: null });
  return temporal;
}

async function ask(url: string, name: string): Promise<string> {
  const response = await fetch(`${url}/${name}`);
  const text = await response.text();
  if (!response.ok) throw new Error(`The test run could not start ${name}: ${text}`);
  return text;
}

/** The url of a Postgres server for tests: the test run's own, else one of this process, started on first use. */
export async function testServerUrl(name: TestServer): Promise<string> {
  if (env.testServersUrl) return ask(env.testServersUrl, name);
  const server = await ownServer(name);
  server.unref();
  return server.url();
}

/** The address of the test run's Temporal server, started on first use; `null` outside a test run. */
export async function testTemporalAddress(): Promise<string | null> {
  return env.testServersUrl ? ask(env.testServersUrl, 'temporal') : null;
}

/** What answers for each name that a test may ask for. */
const starters: Record<string, () => Promise<string>> = {
  ...Object.fromEntries(
    (Object.keys(VERSIONS) as TestServer[]).map((name) => [name, async () => (await ownServer(name)).url()]),
  ),
  temporal: async () => (await ownTemporal()).address,
};

export type TestServers = { url: string; stop(): Promise<void> };

/** Lets the processes of one test run share its servers, each started when the first of them asks. */
export async function startTestServers(): Promise<TestServers> {
  const token = randomBytes(12).toString('hex');
  const listener = createServer(async (request, response) => {
    // A process that asks again much later must not find a connection that was closed for its silence at that moment.
    response.setHeader('connection', 'close');
    const [, given, name = ''] = (request.url ?? '').split('/');
    const start = given === token ? starters[name] : undefined;
    if (!start) return response.writeHead(404).end();
    try {
      response.end(await start());
    } catch (error) {
      response.writeHead(500).end((error as Error).message);
    }
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  return {
    url: `http://127.0.0.1:${(listener.address() as AddressInfo).port}/${token}`,
    async stop() {
      listener.close();
      listener.closeAllConnections();
      for (const starting of servers.values()) await starting.then((server) => server.stop());
      servers.clear();
      await temporal?.then((server) => server.stop());
      temporal = undefined;
    },
  };
}
