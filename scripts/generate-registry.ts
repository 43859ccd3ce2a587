/** Writes what `npx shadcn add` takes. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { REGISTRY, registryFiles } from './registry-items.ts';

await rm(REGISTRY, { recursive: true, force: true });
await mkdir(REGISTRY);
for (const [name, content] of await registryFiles()) await writeFile(join(REGISTRY, name), content);
console.log('registry: written');
