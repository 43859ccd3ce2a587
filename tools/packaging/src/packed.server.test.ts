/** What a registry would get: complete, honest about what it needs, with types that every resolver finds. */
import { execFile } from 'node:child_process';
import { glob, mkdtemp, readFile, rm } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LONGEST_INSTALL_MS } from './install-packed.ts';
import { packedPackages } from './pack.ts';
import type { Manifest } from './published.ts';
import { publishedPackages } from './published.ts';

const run = promisify(execFile);
const NAMES = publishedPackages().map(({ manifest }) => manifest.name);
/** What has to run where there is no Node: Workers, Deno, browsers. */
const ANYWHERE = ['@runledger/contracts', '@runledger/execution-service', '@runledger/router', '@runledger/client'];
/** What users of ES modules alone do not meet: `require`, and resolvers that know no `exports`. */
const OF_OLD_RESOLVERS = new Set(['node10', 'node16-cjs']);

/** Both as a statement, by name or for what it does, and as a call. */
const IMPORTS = /^(?:(?:import|export)\b[^'"`;=]*?\bfrom |import )["']([^"']+)["']|\bimport\(["']([^"']+)["']\)/gm;

/** Asked for by `peerDependencies` of what a package depends on, or found by name. */
const BY_OTHERS = new Set([
  '@runledger/engine',
  '@supabase/supabase-js',
  '@temporalio/activity',
  '@temporalio/common',
  '@temporalio/proto',
  '@temporalio/workflow',
  '@trpc/server',
  'postgres',
]);

let folder: string;
let archives: Map<string, string>;

beforeAll(async () => {
  archives = await packedPackages();
  folder = await mkdtemp(join(tmpdir(), 'runledger-packed-'));
  for (const [name, archive] of archives) {
    const target = unpacked(name);
    await run('mkdir', ['-p', target]);
    await run('tar', ['-xzf', archive, '-C', target, '--strip-components=1']);
  }
}, LONGEST_INSTALL_MS);

afterAll(() => rm(folder, { recursive: true, force: true }));

const unpacked = (name: string) => join(folder, name.replace('/', '-'));
const manifestOf = async (name: string): Promise<Manifest & Record<string, unknown>> =>
  JSON.parse(await readFile(join(unpacked(name), 'package.json'), 'utf8'));

/** What a built package imports, by module: `node:fs`, `zod`, `@runledger/contracts/status`. */
async function importsOf(name: string, files = 'dist/**/*.js'): Promise<Set<string>> {
  const imports = new Set<string>();
  for await (const file of glob(files, { cwd: unpacked(name) })) {
    const code = await readFile(join(unpacked(name), file), 'utf8');
    for (const [, from, late] of code.matchAll(IMPORTS)) imports.add((from ?? late) as string);
  }
  return imports;
}

const packageOf = (module: string) =>
  module
    .split('/')
    .slice(0, module.startsWith('@') ? 2 : 1)
    .join('/');
const isBuiltin = (module: string) => module.startsWith('node:') || builtinModules.includes(module);

test('every package is packed', () => {
  expect([...archives.keys()].sort()).toEqual([...NAMES].sort());
});

describe.each(NAMES)('%s', (name) => {
  test('publint finds nothing wrong', async () => {
    const { messages } = await publint({ pkgDir: unpacked(name), pack: false, strict: true });
    const manifest = await manifestOf(name);
    expect(messages.map((message) => formatMessage(message, manifest))).toEqual([]);
  });

  test('its types are found by every resolver of ES modules', async () => {
    const archive = createPackageFromTarballData(new Uint8Array(await readFile(archives.get(name) as string)));
    const analysis = await checkPackage(archive, { excludeEntrypoints: [/\.css$/, 'package.json'] });
    if (!analysis.types) throw new Error(`${name} has no types.`);
    const isOfOldResolver = (problem: object) =>
      'resolutionKind' in problem && OF_OLD_RESOLVERS.has(problem.resolutionKind as string);
    expect(analysis.problems.filter((problem) => !isOfOldResolver(problem))).toEqual([]);
  });

  test('its manifest says what it is, and has nothing of the workspace', async () => {
    const manifest = await manifestOf(name);
    expect(JSON.stringify(manifest)).not.toMatch(/workspace:|catalog:|src\//);
    for (const field of ['description', 'keywords', 'license', 'repository', 'engines', 'sideEffects', 'exports'])
      expect(manifest[field], field).toBeDefined();
    const files: string[] = [];
    for await (const file of glob('*', { cwd: unpacked(name) })) files.push(file);
    expect(files).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'package.json', 'dist']));
  });

  test('it imports nothing that installing it does not bring or ask for, and brings nothing else', async () => {
    const { dependencies = {}, optionalDependencies = {}, peerDependencies = {} } = await manifestOf(name);
    const needed = { ...dependencies, ...optionalDependencies };
    const declared = new Set([name, ...Object.keys({ ...needed, ...peerDependencies })]);
    const imported = [...(await importsOf(name)), ...(await importsOf(name, 'dist/**/*.d.ts'))];
    const foreign = imported.filter((module) => !module.startsWith('.') && !isBuiltin(module));
    expect(foreign.length).toBeGreaterThan(0);
    expect(foreign.filter((module) => !declared.has(packageOf(module)))).toEqual([]);
    const used = new Set(foreign.map(packageOf));
    expect(Object.keys(needed).filter((dependency) => !used.has(dependency) && !BY_OTHERS.has(dependency))).toEqual([]);
  });
});

test('what runs without Node imports nothing of it, and uses none of its globals', async () => {
  for (const name of ANYWHERE) {
    expect([...(await importsOf(name))].filter(isBuiltin), name).toEqual([]);
    for await (const file of glob('dist/**/*.js', { cwd: unpacked(name) })) {
      const code = await readFile(join(unpacked(name), file), 'utf8');
      expect(code.match(/\b(Buffer|process|__dirname|require|setImmediate)\b\s*[.(]/g), `${name}/${file}`).toBeNull();
    }
  }
});

test('the types of the client need no package of a server', async () => {
  const types = [...(await importsOf('@runledger/client', 'dist/**/*.d.ts'))].filter(
    (module) => !module.startsWith('.'),
  );
  const { dependencies, peerDependencies } = await manifestOf('@runledger/client');
  expect(Object.keys({ ...dependencies, ...peerDependencies })).not.toContain('@runledger/router');
  expect(types.filter((module) => /router|service|engine|monitor|temporalio|supabase/.test(module))).toEqual([]);
});
