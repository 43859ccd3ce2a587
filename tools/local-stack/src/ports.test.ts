import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { assertPortFree, freePort } from './ports.ts';

test('a free port can be listened on', async () => {
  const port = await freePort();
  await expect(assertPortFree(port, 'The dashboard', 'DASHBOARD_PORT')).resolves.toBeUndefined();
});

test('a taken port is reported with its number, who wanted it and the variable that changes it', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await expect(assertPortFree(port, 'The dashboard', 'DASHBOARD_PORT')).rejects.toThrow(
    new RegExp(`The dashboard wants port ${port} .*DASHBOARD_PORT=${port + 1}`),
  );
  server.close();
});
