import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { build } from 'tsdown';
import { installPacked } from './install-packed.ts';

export interface ClientSize {
  what: string;
  /** Minified and compressed by gzip, as a browser gets it: 1 KB is 1,000 bytes. */
  kilobytes: number;
}

/** What pages have already: React, TanStack Query and tRPC. */
const PEERS = /^(@tanstack|@trpc|react|react-dom)(\/|$)/;

const ENTRIES = [
  {
    what: '@runledger/client, by itself',
    code: `export { createRunledgerClient, executionErrorCode } from '@runledger/client';`,
    has: PEERS,
  },
  {
    what: '@runledger/client, with tRPC',
    code: `export { createRunledgerClient, executionErrorCode } from '@runledger/client';`,
    has: null,
  },
  {
    what: '@runledger/client/react, by itself',
    code: `export * from '@runledger/client/react';`,
    has: PEERS,
  },
];

/** What the client adds to a page, from what is published. */
export async function clientSizes(): Promise<ClientSize[]> {
  await using project = await installPacked();
  const sizes: ClientSize[] = [];
  for (const [i, { what, code, has }] of ENTRIES.entries()) {
    const entry = join(project.folder, `entry-${i}.js`);
    await writeFile(entry, code);
    const outDir = join(project.folder, `bundle-${i}`);
    await build({
      cwd: project.folder,
      config: false,
      entry,
      outDir,
      platform: 'browser',
      dts: false,
      minify: true,
      logLevel: 'error',
      env: { NODE_ENV: 'production' },
      deps: has ? { neverBundle: [has], alwaysBundle: [/^(?!@tanstack|@trpc|react)/] } : { alwaysBundle: [/./] },
    });
    const files = (await readdir(outDir)).filter((file) => file.endsWith('js'));
    const bundled = Buffer.concat(await Promise.all(files.map((file) => readFile(join(outDir, file)))));
    sizes.push({ what, kilobytes: (await promisify(gzip)(bundled)).length / 1_000 });
  }
  return sizes;
}
