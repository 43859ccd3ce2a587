import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { workflowBundle } from './workflow-bundle.ts';

const workflowsPath = fileURLToPath(import.meta.resolve('@runledger/monitor/workflows'));

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'runledger-bundle-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

test('a bundle is made once for a state of its sources, and anew when one of them changes', async () => {
  const [cache, sources] = [await folder(), await folder()];
  const bundle = () => workflowBundle({ workflowsPath, sources: [sources], cache });
  const { code } = await bundle();
  expect(code).toContain('runledgerMonitor');
  const kept = await readdir(cache);
  expect(kept).toHaveLength(1);
  // What is kept is what is used.
  await writeFile(join(cache, kept[0] as string), 'kept');
  expect(await bundle()).toEqual({ code: 'kept' });
  await writeFile(join(sources, 'more.ts'), 'export {};');
  expect((await bundle()).code).toContain('runledgerMonitor');
});

test('a cache that cannot be written does not keep a worker from starting', async () => {
  const file = join(await folder(), 'file');
  await writeFile(file, '');
  const { code } = await workflowBundle({ workflowsPath, sources: [], cache: join(file, 'below') });
  expect(code).toContain('runledgerMonitor');
});
