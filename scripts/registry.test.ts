import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { REGISTRY, registryFiles } from './registry-items.ts';

test('the registry is what its sources make it: npm run gen:registry', async () => {
  const wanted = await registryFiles();
  expect((await readdir(REGISTRY)).sort()).toEqual([...wanted.keys()].sort());
  for (const [name, content] of wanted) expect(await readFile(join(REGISTRY, name), 'utf8')).toBe(content);
});

test('an item brings its own file alone, and needs no file of ours but by the name of a package', async () => {
  for (const [name, text] of await registryFiles()) {
    if (name === 'registry.json') continue;
    const { files, dependencies } = JSON.parse(text) as { files: { content: string }[]; dependencies: string[] };
    const imported = files.flatMap(({ content }) =>
      [...content.matchAll(/(?:from|import) '([^']+)'/g)].map(([, from]) => from),
    );
    const packages = [...dependencies, 'react'];
    for (const from of imported) expect(packages.some((one) => from === one || from?.startsWith(`${one}/`))).toBe(true);
  }
});
