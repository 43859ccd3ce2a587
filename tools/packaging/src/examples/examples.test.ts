import { globSync, readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { EXAMPLES, manifestOf } from './example-files.ts';

const folders = readdirSync(EXAMPLES, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
);
const sourcesOf = (name: string) =>
  globSync('**/*.{ts,tsx,mts}', { cwd: join(EXAMPLES, name), exclude: ['**/node_modules', '**/.next'] });

test('every example is listed', () => {
  const readme = readFileSync(join(EXAMPLES, 'README.md'), 'utf8');
  const listed = [...readme.matchAll(/^\| \[([\w-]+)\]/gm)].map(([, name]) => name);
  expect(listed.sort()).toEqual(folders.sort());
});

test('the codec is the one that the page on encryption shows', () => {
  const page = readFileSync(join(EXAMPLES, '../docs/encryption.md'), 'utf8');
  const [, codec] = /```ts\n([\s\S]*?)```/.exec(page) ?? [];
  expect(readFileSync(join(EXAMPLES, 'encryption/src/codec.ts'), 'utf8')).toBe(codec);
});

describe.each(folders)('%s', (name) => {
  test('asks for whatever it imports', async () => {
    const { dependencies, devDependencies } = await manifestOf(name);
    const declared = new Set(Object.keys({ ...dependencies, ...devDependencies }));
    const sources = sourcesOf(name);
    expect(sources.length).toBeGreaterThan(0);
    const imported = sources.flatMap((file) =>
      [
        ...readFileSync(join(EXAMPLES, name, file), 'utf8').matchAll(/^(?:import|export)\b[^;]*?'([^'.~][^']*)';$/gm),
      ].map(([, module]) => module as string),
    );
    const foreign = imported.filter((module) => !module.startsWith('node:') && !builtinModules.includes(module));
    const packages = foreign.map((module) =>
      module
        .split('/')
        .slice(0, module.startsWith('@') ? 2 : 1)
        .join('/'),
    );
    expect(packages.filter((each) => !declared.has(each))).toEqual([]);
  });

  test('has no lock file, which would name a registry', () => {
    const locks = globSync('*lock*', { cwd: join(EXAMPLES, name) });
    expect(locks).toEqual([]);
  });
});
