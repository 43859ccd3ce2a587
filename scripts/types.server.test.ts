import { execFileSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Files of ours, relative to the repository, and all files that the compiler reads for this program. */
function programOf(config: string): { own: string[]; all: string[] } {
  const tsc = `${root}/node_modules/.bin/tsc`;
  const options = { cwd: root, encoding: 'utf8', maxBuffer: 64 * 2 ** 20 } as const;
  const all = execFileSync(tsc, ['-p', config, '--listFilesOnly'], options).trim().split('\n');
  return { own: all.filter((file) => !file.includes('/node_modules/')).map((file) => relative(root, file)), all };
}

test('every source file is type-checked, whatever package it is in', () => {
  const checked = new Set(['tsconfig.json', 'tsconfig.browser.json'].flatMap((config) => programOf(config).own));
  const sources = globSync('**/*.{ts,tsx,mts,cts}', {
    cwd: root,
    exclude: (name) => ['node_modules', 'dist', '.runledger', '.snippets', 'coverage'].includes(name),
  });
  expect(sources.length).toBeGreaterThan(500);
  // Examples are checked where they are installed, as projects of somebody else: tools/packaging/src/examples.
  const ours = sources.filter((file) => !file.startsWith('examples/'));
  expect(ours.filter((file) => !checked.has(file))).toEqual([]);
});

test('what a browser reads is type-checked where Node’s types are unknown', () => {
  const { own, all } = programOf('tsconfig.browser.json');
  for (const source of ['client/src/index.ts', 'contracts/src/index.ts', 'router/src/root.ts'])
    expect(own).toContain(`packages/${source}`);
  // The page signs users in with the library that browsers have for it.
  expect(
    all.filter((file) => /@types\/node|@temporalio|@supabase\/(?!auth-js\/)/.test(file) && !file.includes('+auth-js@')),
  ).toEqual([]);
});
