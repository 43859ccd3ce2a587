import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { lock } from 'proper-lockfile';
import { packedPackages } from './pack.ts';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
/** Outside of this repository: what a package forgets to ask for must not be found above it. */
const KEPT = join(tmpdir(), 'runledger-installed');

/** For the hooks of tests: on a machine that does much else all packages take minutes to build, pack and install. */
export const LONGEST_INSTALL_MS = 1_800_000;

/** What users of the packages have themselves, at the newest versions that the tests know: those of the catalog. */
export const PEERS: Readonly<Record<string, string>> = await readCatalog([
  '@supabase/supabase-js',
  '@tanstack/react-query',
  '@temporalio/activity',
  '@temporalio/client',
  '@temporalio/common',
  '@temporalio/proto',
  '@temporalio/worker',
  '@temporalio/workflow',
  '@trpc/client',
  '@trpc/react-query',
  '@trpc/server',
  '@trpc/tanstack-react-query',
  '@types/express',
  '@types/node',
  '@types/react',
  'express',
  'pino',
  'react',
  'react-dom',
  'superjson',
  'typescript',
  'zod',
]);

export interface InstalledProject extends AsyncDisposable {
  /** A folder of a user: nothing of this repository is above it. */
  folder: string;
}

/**
 * A project of somebody else's, outside of this repository, with the packed packages installed by npm. What was installed
 * once is kept for the next who wants the same.
 */
export async function installPacked(
  dependencies: Readonly<Record<string, string>> = PEERS,
  names?: readonly string[],
): Promise<InstalledProject> {
  const archives = [...(await packedPackages())].filter(([name]) => !names || names.includes(name));
  const own = Object.fromEntries(archives.map(([name, archive]) => [name, `file:${archive}`]));
  const manifest = JSON.stringify({ type: 'module', private: true, dependencies: { ...dependencies, ...own } });
  const installed = await installOnce(manifest);
  const folder = await mkdtemp(join(tmpdir(), 'runledger-project-'));
  await writeFile(join(folder, 'package.json'), manifest);
  await symlink(join(installed, 'node_modules'), join(folder, 'node_modules'));
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

async function installOnce(manifest: string): Promise<string> {
  const folder = join(KEPT, createHash('sha256').update(manifest).digest('hex').slice(0, 16));
  await mkdir(KEPT, { recursive: true });
  const release = await lock(folder, {
    realpath: false,
    retries: { forever: true, minTimeout: 200, maxTimeout: 500 },
  });
  try {
    if (existsSync(folder)) return folder;
    const staging = await mkdtemp(join(KEPT, 'staging-'));
    await writeFile(join(staging, 'package.json'), manifest);
    await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--strict-peer-deps'], {
      cwd: staging,
    });
    await rename(staging, folder);
    return folder;
  } finally {
    await release();
  }
}

async function readCatalog(names: readonly string[]): Promise<Record<string, string>> {
  const text = await readFile(join(ROOT, 'pnpm-workspace.yaml'), 'utf8');
  return Object.fromEntries(
    names.map((name) => {
      const version = new RegExp(`^ {2}"?${name}"?: (\\S+)$`, 'm').exec(text)?.[1];
      if (!version) throw new Error(`${name} is not in the catalog of pnpm-workspace.yaml.`);
      return [name, version];
    }),
  );
}
