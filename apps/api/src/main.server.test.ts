import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { freePort } from '@runledger/local-stack';
import { expect, test } from 'vitest';

// Nothing answers at these: the API must start all the same.
const variables = {
  PORT: '0',
  SUPABASE_URL: 'http://127.0.0.1:9',
  SUPABASE_ANON_KEY: 'the-anon-key',
  SUPABASE_SERVICE_ROLE_KEY: 'the-service-role-key',
  TEMPORAL_ADDRESS: '127.0.0.1:9',
  RUNLEDGER_STARTABLE: '[]',
};

function startMain(given: Record<string, string> = {}): ChildProcess & AsyncDisposable {
  const main = fileURLToPath(new URL('main.ts', import.meta.url));
  // What Node has compiled already, it has not to compile again.
  const { NODE_COMPILE_CACHE } = process.env;
  const env = { NODE_COMPILE_CACHE, ...variables, ...given };
  const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  return Object.assign(child, { [Symbol.asyncDispose]: async () => void child.kill('SIGKILL') });
}

/** The first line it writes that says `ready`, and everything it wrote until then. */
async function untilReady(api: ChildProcess): Promise<{ url: string; written: string }> {
  let written = '';
  for await (const chunk of api.stdout as NodeJS.ReadableStream) {
    written += chunk;
    const ready = written.split('\n').find((line) => line.includes('"msg":"ready"'));
    if (ready) return { url: JSON.parse(ready).url, written };
  }
  throw new Error(`It ended without being ready:\n${written}`);
}

test('it is ready without Supabase and without Temporal, says where, and nothing of its keys', async () => {
  await using api = startMain({ LOG_LEVEL: 'error' });
  const { url, written } = await untilReady(api);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  expect(await (await fetch(`${url}/readyz`)).json()).toEqual({
    status: 'degraded',
    ledger: false,
    engine: false,
    followed: null,
    why: [expect.stringContaining('The database cannot'), expect.stringContaining('Temporal cannot')],
    signIn: null,
  });
  expect(written).not.toContain('role-key');
});

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s ends it in order, also when nobody reads its log any more',
  async (signal) => {
    await using api = startMain();
    await untilReady(api);
    api.stdout?.destroy();
    api.kill(signal);
    expect(await once(api, 'exit')).toEqual([0, null]);
  },
);

test('a port in use ends it with a sentence that names the port and its variable', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const port = String((taken.address() as AddressInfo).port);
  await using api = startMain({ PORT: port });
  const [said, [code]] = await Promise.all([text(api.stderr as NodeJS.ReadableStream), once(api, 'exit')]);
  expect(code).toBe(1);
  expect(said).toMatch(new RegExp(`^Port ${port} on 127.0.0.1 is in use: .* PORT`));
  taken.close();
});

test('a missing variable ends it with its name', async () => {
  await using api = startMain({ SUPABASE_URL: '' });
  const [said, [code]] = await Promise.all([text(api.stderr as NodeJS.ReadableStream), once(api, 'exit')]);
  expect(code).toBe(1);
  expect(said).toContain('SUPABASE_URL: is not set');
});

test('its figures are at the port that Prometheus reads, where a variable says so', async () => {
  const port = await freePort();
  await using api = startMain({ OTEL_EXPORTER_PROMETHEUS_PORT: String(port) });
  const { url } = await untilReady(api);
  await fetch(`${url}/healthz`);
  const figures = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  expect(figures).toContain('service_name="runledger-api"');
  expect(figures).toMatch(/^http_server_request_duration_count\{.*http_route="\/healthz".*\} 1$/m);
});
