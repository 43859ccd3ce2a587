import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename } from 'node:path';
import { promisify } from 'node:util';
import type { Manifest } from '../published.ts';

export interface PackedRegistry extends AsyncDisposable {
  url: string;
}

/** A registry on this machine that has our packages from their archives; for all others it sends npm on to the one behind. */
export async function startPackedRegistry(
  archives: ReadonlyMap<string, string>,
  behind: string,
): Promise<PackedRegistry> {
  const files = new Map([...archives.values()].map((file) => [`/archives/${basename(file)}`, file]));
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(request.url ?? '/');
    const file = files.get(path);
    if (file) return response.end(await readFile(file));
    const archive = archives.get(path.slice(1));
    if (!archive) return response.writeHead(302, { location: new URL(request.url ?? '/', behind).href }).end();
    response.setHeader('content-type', 'application/json');
    return response.end(JSON.stringify(await documentOf(path.slice(1), archive)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;

  /** What npm asks of a package: its versions, of which there is one. */
  async function documentOf(name: string, archive: string) {
    const { stdout } = await promisify(execFile)('tar', ['-xOzf', archive, 'package/package.json']);
    const manifest = JSON.parse(stdout) as Manifest;
    const integrity = `sha512-${createHash('sha512')
      .update(await readFile(archive))
      .digest('base64')}`;
    const dist = { tarball: `${url}archives/${basename(archive)}`, integrity };
    return {
      name,
      'dist-tags': { latest: manifest.version },
      versions: { [manifest.version]: { ...manifest, dist } },
    };
  }
  return {
    url,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
    },
  };
}
