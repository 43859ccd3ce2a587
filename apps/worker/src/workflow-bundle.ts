import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

/** Beside the installed packages: whoever removes those begins anew here too. */
const CACHE = fileURLToPath(new URL('../node_modules/.cache/runledger', import.meta.url));

export interface WorkflowBundleOptions {
  /** The file that exports the workflows. */
  workflowsPath: string;
  /** Folders that hold everything of ours that goes into the bundle; a bundle is made anew when a file in them changes. */
  sources: string[];
  /** Where bundles are kept. Default: beside the installed packages. */
  cache?: string;
}

/**
 * The code of workflows as a worker runs it. Making it takes 2 s of CPU time, so it is kept for the next start; where the
 * folder of the installed packages cannot be written, it is made each time.
 */
export async function workflowBundle({
  workflowsPath,
  sources,
  cache = CACHE,
}: WorkflowBundleOptions): Promise<{ code: string }> {
  const path = join(cache, `workflows-${await fingerprint(workflowsPath, sources)}.js`);
  const kept = await readFile(path, 'utf8').catch(() => null);
  if (kept) return { code: kept };
  const { code } = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('WARN') });
  await keep(cache, path, code).catch(() => undefined);
  return { code };
}

/** The code of the monitor's workflow. */
export function monitorBundle(): Promise<{ code: string }> {
  const workflowsPath = fileURLToPath(import.meta.resolve('@runledger/monitor/workflows'));
  return workflowBundle({ workflowsPath, sources: [dirname(workflowsPath)] });
}

async function keep(cache: string, path: string, code: string): Promise<void> {
  await mkdir(cache, { recursive: true });
  const staging = `${path}.${process.pid}`;
  await writeFile(staging, code);
  await rename(staging, path);
}

async function fingerprint(workflowsPath: string, sources: string[]): Promise<string> {
  const { version } = createRequire(import.meta.url)('@temporalio/worker/package.json') as { version: string };
  const hash = createHash('sha256').update(`${version}\0${process.version}\0${workflowsPath}`);
  for (const folder of sources) {
    const files = (await readdir(folder, { recursive: true })).filter((file) => /\.(ts|js|json)$/.test(file));
    for (const file of files.sort()) hash.update(`\0${file}\0`).update(await readFile(join(folder, file)));
  }
  return hash.digest('hex').slice(0, 16);
}
