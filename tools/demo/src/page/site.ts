import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { buildDashboard } from '@runledger/dashboard/build';
import { freePort } from '@runledger/local-stack';
import type { LocalFile } from '../fixtures/demo-process.ts';
import { eventually } from '../fixtures/processes.ts';

/** A site that has the page in one of its folders. */
export interface Site {
  url: string;
  /** Paths that browsers have asked the site for. */
  asked(): string[];
  stop(): Promise<void>;
}

/** What an API with the page is told of what it runs on. */
export type Below = Pick<
  LocalFile,
  'supabaseUrl' | 'supabaseAnonKey' | 'supabaseServiceRoleKey' | 'temporalAddress' | 'temporalNamespace' | 'demoUsers'
>;

/** A second API beside that of the demo, told that its page is in a folder, behind a proxy that strips it. */
export async function startSite(
  local: Below,
  jwtSecret: string,
  { folder, variables }: { folder: string; variables: Record<string, string> },
): Promise<Site> {
  const port = await freePort();
  const api = spawn(process.execPath, [fileURLToPath(new URL('../../../../apps/api/src/main.ts', import.meta.url))], {
    stdio: 'ignore',
    env: {
      ...{ PATH: process.env.PATH, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE, DO_NOT_TRACK: '1' },
      ...{ PORT: `${port}`, LOG_LEVEL: 'silent', SUPABASE_URL: local.supabaseUrl, SUPABASE_JWT_SECRET: jwtSecret },
      SUPABASE_ANON_KEY: local.supabaseAnonKey,
      SUPABASE_SERVICE_ROLE_KEY: local.supabaseServiceRoleKey,
      ...{ TEMPORAL_ADDRESS: local.temporalAddress, TEMPORAL_NAMESPACE: local.temporalNamespace },
      RUNLEDGER_STARTABLE: '[]',
      RUNLEDGER_DASHBOARD: await buildDashboard(),
      RUNLEDGER_DASHBOARD_PATH: `${folder}/`,
      ...variables,
      RUNLEDGER_DEMO_USERS: JSON.stringify(local.demoUsers.map(({ email, password }) => ({ email, password }))),
    },
  });
  const ended = once(api, 'exit');
  const answers = await eventually(async () => {
    if (api.exitCode !== null) throw new Error('The API beside that of the demo has ended.');
    const health = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => null);
    return health?.ok ? true : undefined;
  });
  if (!answers) throw new Error('The API beside that of the demo never answered.');

  const asked: string[] = [];
  const proxy = createServer((incoming, outgoing) => {
    const path = incoming.url ?? '/';
    asked.push(path);
    if (!path.startsWith(`${folder}/`)) return outgoing.writeHead(404).end();
    const { method, headers } = incoming;
    const onward = request({ port, host: '127.0.0.1', path: path.slice(folder.length), method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    outgoing.on('close', () => onward.destroy());
    incoming.pipe(onward);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    asked: () => asked,
    async stop() {
      proxy.close();
      proxy.closeAllConnections();
      api.kill('SIGKILL');
      await ended;
    },
  };
}
