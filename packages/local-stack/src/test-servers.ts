import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { env } from './env.ts';
import type { Postgres } from './postgres.ts';
import { startPostgres } from './postgres.ts';
import type { PostgresVersion } from './postgres-installation.ts';

const servers = new Map<PostgresVersion, Promise<Postgres>>();

function ownServer(version: PostgresVersion): Promise<Postgres> {
  const running = servers.get(version);
  if (running) return running;
  const starting = startPostgres({ version });
  servers.set(version, starting);
  return starting;
}

/** The url of a Postgres server for tests: the test run's own, else one of this process, started on first use. */
export async function testServerUrl(version: PostgresVersion): Promise<string> {
  if (!env.testServersUrl) {
    const server = await ownServer(version);
    server.unref();
    return server.url();
  }
  const response = await fetch(`${env.testServersUrl}/${version}`);
  const text = await response.text();
  if (!response.ok) throw new Error(`The test run could not start Postgres ${version}: ${text}`);
  return text;
}

export type TestServers = { url: string; stop(): Promise<void> };

/** Lets the processes of one test run share one server per version, started when the first of them asks. */
export async function startTestServers(): Promise<TestServers> {
  const token = randomBytes(12).toString('hex');
  const listener = createServer(async (request, response) => {
    const [, version] = new RegExp(`^/${token}/(15|17)$`).exec(request.url ?? '') ?? [];
    if (!version) return response.writeHead(404).end();
    try {
      response.end((await ownServer(Number(version) as PostgresVersion)).url());
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
    },
  };
}
