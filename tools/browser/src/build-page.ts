import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Rolldown } from 'vite';
import { build } from 'vite';

const htmlOf = (
  main: string,
) => `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>Page</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/page.css">
<main>${main}</main><script type="module" src="/page.js"></script></html>`;

/** A page that consists of what a script shows in `<main>`, with the styles that it imports. */
export interface BuiltPage {
  url: string;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Bundles a script for browsers as an application's build does, and serves it on a free port of 127.0.0.1.
 * @param options.minify As an application's build does where it is measured. Default: false, so that errors name what they are of.
 * @param options.main What a server has rendered into `<main>`. Default: nothing.
 * @param options.minify As a build for production does, which writes styles for older browsers too. Default: no, which is quicker.
 */
export async function buildPage(entry: string, { main = '', minify = false } = {}): Promise<BuiltPage> {
  const built = (await build({
    configFile: false,
    logLevel: 'error',
    build: { write: false, minify, rolldownOptions: { input: entry, output: { codeSplitting: false } } },
  })) as Rolldown.RolldownOutput;
  const styles = built.output.flatMap((file) =>
    file.type === 'asset' && file.fileName.endsWith('.css') ? [file.source] : [],
  );
  const files: Record<string, [type: string, content: string]> = {
    '/page.js': ['text/javascript', built.output[0].code],
    '/page.css': ['text/css', styles.join('\n')],
  };
  const server = createServer((request, response) => {
    const [type, content] = files[request.url ?? ''] ?? ['text/html', htmlOf(main)];
    response.writeHead(200, { 'content-type': type });
    response.end(content);
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
