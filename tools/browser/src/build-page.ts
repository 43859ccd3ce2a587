import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Rolldown } from 'vite';
import { build } from 'vite';

const HTML =
  '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><main></main><script type="module" src="/page.js"></script>';

/** A page that consists of what a script shows in `<main>`. */
export interface BuiltPage {
  url: string;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Bundles a script for browsers as an application's build does, and serves it on a free port of 127.0.0.1. */
export async function buildPage(entry: string): Promise<BuiltPage> {
  const built = (await build({
    configFile: false,
    logLevel: 'error',
    build: { write: false, minify: false, rolldownOptions: { input: entry, output: { codeSplitting: false } } },
  })) as Rolldown.RolldownOutput;
  const script = built.output[0].code;
  const server = createServer((request, response) => {
    const isScript = request.url === '/page.js';
    response.writeHead(200, { 'content-type': isScript ? 'text/javascript' : 'text/html' });
    response.end(isScript ? script : HTML);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
    },
  };
}
