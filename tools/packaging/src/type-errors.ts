import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** How imports are resolved: as by Node, or as by a bundler. */
export type Resolution = 'nodenext' | 'bundler';

const MODULE = { nodenext: 'nodenext', bundler: 'preserve' } as const satisfies Record<Resolution, string>;
const TSC = join(fileURLToPath(new URL('..', import.meta.url)), 'node_modules', '.bin', 'tsc');

const optionsOf = (moduleResolution: Resolution) => ({
  target: 'es2024',
  module: MODULE[moduleResolution],
  moduleResolution,
  lib: ['es2024', 'dom'],
  jsx: 'react-jsx',
  strict: true,
  noUncheckedIndexedAccess: true,
  allowImportingTsExtensions: true,
  types: ['node'],
});

/** Checks the types of a project's `src` strictly, those of its packages too. @returns what is wrong, a line each */
export const typeErrors = (folder: string, resolution: Resolution): Promise<string[]> =>
  compile(folder, resolution, { ...optionsOf(resolution), noEmit: true });

/** Writes what is in `src` as scripts into `out`, for runtimes that do not read types. */
export async function emitScripts(folder: string): Promise<void> {
  const emitting = { rewriteRelativeImportExtensions: true, rootDir: 'src', outDir: 'out', target: 'es2022' };
  await compile(folder, 'scripts', { ...optionsOf('nodenext'), ...emitting });
}

async function compile(folder: string, name: string, compilerOptions: object): Promise<string[]> {
  const file = join(folder, `tsconfig.${name}.json`);
  await writeFile(file, JSON.stringify({ compilerOptions, include: ['src'] }));
  return promisify(execFile)(TSC, ['-p', file, '--pretty', 'false'], { cwd: folder }).then(
    () => [],
    (error: { stdout: string }) => error.stdout.trim().split('\n').filter(isOurs),
  );
}

/** What packages of others say wrong in their own types is theirs; indented lines explain the one above. */
const isOurs = (line: string) => !/^\s|node_modules\/(?!@runledger|runledger)/.test(line);
