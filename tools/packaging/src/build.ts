/** `npm run build`: what is published of each package, as ECMAScript modules with their types, in its folder `dist`. */
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'tsdown';
import { extraEntries, extraFiles } from './extra-files.ts';
import type { Manifest, WorkspacePackage } from './published.ts';
import { entriesOf, publishedPackages, workspacePackages } from './published.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const CACHE = join(ROOT, 'node_modules', '.cache', 'build');
/** The oldest Node that the packages run on. */
const TARGET = 'node20';

/** Builds one package. A dependency stays an import; a `devDependency` of this repository that it imports becomes part of it. */
async function buildPackage(built: WorkspacePackage): Promise<void> {
  await build({
    cwd: built.folder,
    config: false,
    entry: { ...entriesOf(built.manifest), ...extraEntries(built.manifest) },
    format: 'esm',
    platform: 'neutral',
    target: TARGET,
    tsconfig: await typesConfig(built),
    outExtensions: () => ({ js: '.js', dts: '.d.ts' }),
    dts: true,
    copy: filesOf(built.manifest),
    logLevel: 'error',
    // Nothing of others is copied into a package: it would not get their fixes.
    deps: { onlyBundle: [/^@runledger\//] },
  });
  for (const { from, to } of await extraFiles(built.manifest))
    await cp(from, join(built.folder, 'dist', to), { recursive: true });
}

/** What a package exports that is not code: it is copied as it is. */
function filesOf({ exports, publishConfig }: Manifest) {
  return Object.entries(exports).flatMap(([path, source]) => {
    const target = publishConfig?.exports[path];
    if (typeof source === 'string' || typeof target !== 'object' || !source.default || source.default.endsWith('.ts'))
      return [];
    return [source.default, source.types].map((from) => ({ from, to: dirname(target.default) }));
  });
}

/** What TypeScript reads for the types of a package: its sources, and those of the packages that become part of it. */
async function typesConfig(built: WorkspacePackage): Promise<string> {
  const file = join(CACHE, `${basename(built.folder)}.json`);
  await mkdir(CACHE, { recursive: true });
  const compilerOptions = { jsx: 'react-jsx', lib: ['es2024', 'dom'] };
  const include = [built.folder, ...partsOf(built)].map((part) => join(part, 'src'));
  const exclude = ['**/*.test.*', '**/*.typecheck.*', '**/fake-*', '**/fixtures', '**/page'];
  await writeFile(
    file,
    JSON.stringify({ extends: join(ROOT, 'tsconfig.base.json'), compilerOptions, include, exclude }),
  );
  return file;
}

/** The folders of what a package may bring along: what it has in `devDependencies`, and what that depends on. */
function partsOf({ manifest }: WorkspacePackage, found = new Set<string>(), whole = manifest): Set<string> {
  const isOwn = manifest === whole;
  for (const name of Object.keys({ ...(isOwn ? {} : manifest.dependencies), ...manifest.devDependencies })) {
    const part = workspacePackages().find((each) => each.manifest.name === name);
    if (!part || found.has(part.folder) || name === whole.name || whole.dependencies?.[name]) continue;
    found.add(part.folder);
    partsOf(part, found, whole);
  }
  return found;
}

/** Builds all of them, or those that are named. */
export async function buildPackages(names?: readonly string[]): Promise<WorkspacePackage[]> {
  const packages = publishedPackages().filter(({ manifest }) => !names || names.includes(manifest.name));
  for (const each of packages) await buildPackage(each);
  return packages;
}

if (import.meta.main) {
  const began = performance.now();
  const packages = await buildPackages(process.argv.length > 2 ? process.argv.slice(2) : undefined);
  for (const { manifest } of packages) console.log(manifest.name);
  console.log(`Built in ${((performance.now() - began) / 1000).toFixed(1)} s`);
}
