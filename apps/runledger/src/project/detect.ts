import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

export const MOUNTS = ['next', 'hono', 'express', 'none'] as const;
export type Mount = (typeof MOUNTS)[number];

/** What of a project decides what is written into it. */
export interface Project {
  folder: string;
  /** What serves its requests, by what it depends on. */
  mount: Mount;
  /** Where its code is: `src`, or the folder itself. */
  source: string;
  hasTemporalWorker: boolean;
  packageManager: 'npm' | 'pnpm' | 'yarn';
}

export async function detectProject(folder: string): Promise<Project> {
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8').catch(() => '{}')) as {
    dependencies?: Record<string, string>;
    devDependencies?: Record<string, string>;
  };
  const has = (name: string) => name in { ...manifest.dependencies, ...manifest.devDependencies };
  const lock = (name: string) => existsSync(join(folder, name));
  return {
    folder,
    mount: MOUNTS.find(has) ?? 'none',
    source: lock('src') ? 'src' : '.',
    hasTemporalWorker: has('@temporalio/worker'),
    packageManager: lock('pnpm-lock.yaml') ? 'pnpm' : lock('yarn.lock') ? 'yarn' : 'npm',
  };
}
