import { once } from 'node:events';
import { createServer } from 'node:net';

async function listenOnce(port: number): Promise<number> {
  const server = createServer();
  server.listen({ port, host: '127.0.0.1', exclusive: true });
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('No port was assigned by the operating system.');
  return address.port;
}

/** Below what operating systems give to connections that go out: one of these would take the port before it is listened on. */
const LOWEST = 15_000;
const HIGHEST = 32_000;

/** A port of 127.0.0.1 that nobody listened on a moment ago. Whoever binds it must cope with having lost a race. */
export async function freePort(): Promise<number> {
  for (let attempt = 1; ; attempt += 1) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));
    try {
      return await listenOnce(port);
    } catch (error) {
      if (attempt === 50) throw error;
    }
  }
}

/**
 * Throws when something listens on `port`, saying which part wanted it and which variable moves it elsewhere.
 * `name` reads like "The dashboard", `envVar` like "RUNLEDGER_PORT".
 */
export async function assertPortFree(port: number, name: string, envVar: string): Promise<void> {
  try {
    await listenOnce(port);
  } catch (cause) {
    throw new Error(
      `${name} wants port ${port} of 127.0.0.1, which is taken (${(cause as NodeJS.ErrnoException).code}). ` +
        `Stop what listens there, or choose another port: ${envVar}=${port + 1}`,
      { cause },
    );
  }
}
