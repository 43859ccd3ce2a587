/** `npm run pack`: builds every published package and packs it as a registry would get it, into `dist/packages`. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { glob, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { lock } from 'proper-lockfile';
import { buildPackages } from './build.ts';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const KEPT = join(ROOT, 'node_modules', '.cache', 'packed');
/** Whatever a package is made of. */
const SOURCES = [
  '{packages,apps}/*/src/**/*',
  'tools/local-stack/src/*',
  '{packages,apps}/*/{package.json,README.md,CHANGELOG.md}',
  'tools/packaging/src/{build,extra-files,pack,published}.ts',
  'supabase/{migrations,compatibility}/*.sql',
  'supabase/*.sql',
  'pnpm-lock.yaml',
];

/** Builds and packs all packages. @returns the path of each archive by the name of its package */
async function packPackages(destination: string): Promise<Map<string, string>> {
  await mkdir(destination, { recursive: true });
  const archives = new Map<string, string>();
  for (const { folder, manifest } of await buildPackages()) {
    const pnpm = join(ROOT, 'node_modules', '.bin', 'pnpm');
    await run(pnpm, ['pack', '--pack-destination', destination], { cwd: folder });
    archives.set(manifest.name, join(destination, archiveName(manifest)));
  }
  return archives;
}

const archiveName = ({ name, version }: { name: string; version: string }) =>
  `${name.replace('@', '').replace('/', '-')}-${version}.tgz`;

/** The archives of the sources as they are: packed once for all who ask, also at the same time. */
export async function packedPackages(): Promise<Map<string, string>> {
  const folder = join(KEPT, await hashOfSources());
  await mkdir(KEPT, { recursive: true });
  const release = await lock(KEPT, { retries: { forever: true, minTimeout: 200, maxTimeout: 500 } });
  try {
    if (!existsSync(folder)) {
      for (const old of await readdir(KEPT)) await rm(join(KEPT, old), { recursive: true });
      const staging = join(KEPT, `staging-${process.pid}`);
      await packPackages(staging);
      await rename(staging, folder);
    }
  } finally {
    await release();
  }
  const archives = (await readdir(folder)).map((file) => join(folder, file));
  return new Map(await Promise.all(archives.map(async (archive) => [await nameIn(archive), archive] as const)));
}

async function nameIn(archive: string): Promise<string> {
  const { stdout } = await run('tar', ['-xOzf', archive, 'package/package.json']);
  return JSON.parse(stdout).name;
}

async function hashOfSources(): Promise<string> {
  const hash = createHash('sha256');
  const files: string[] = [];
  for await (const file of glob(SOURCES, { cwd: ROOT }))
    if (!/\.test\.tsx?$|node_modules|fixtures/.test(file)) files.push(file);
  for (const file of files.sort()) {
    const content = await readFile(join(ROOT, file)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EISDIR') throw error;
      return null;
    });
    if (content) hash.update(`\0${file}\0`).update(content);
  }
  return hash.digest('hex').slice(0, 16);
}

if (import.meta.main) {
  const destination = join(ROOT, 'dist', 'packages');
  await rm(destination, { recursive: true, force: true });
  for (const archive of (await packPackages(destination)).values()) console.log(archive);
}
