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

/**
 * Checks the types of a project's `src` strictly, those of its packages too.
 * @param include Default: `src`. Several folders as one program take hardly longer than one.
 * @returns what is wrong, a line each
 */
export const typeErrors = (folder: string, resolution: Resolution, include = ['src']): Promise<string[]> =>
  compile(folder, resolution, { compilerOptions: { ...optionsOf(resolution), noEmit: true }, include });

/** Writes what is in `src` as scripts into `out`, for runtimes that do not read types. They are not checked. */
export async function emitScripts(folder: string): Promise<void> {
  const emitting = {
    ...{ rewriteRelativeImportExtensions: true, noCheck: true },
    ...{ rootDir: 'src', outDir: 'out', target: 'es2022' },
  };
  await compile(folder, 'scripts', { compilerOptions: { ...optionsOf('nodenext'), ...emitting }, include: ['src'] });
}

async function compile(folder: string, name: string, config: object): Promise<string[]> {
  const file = join(folder, `tsconfig.${name}.json`);
  await writeFile(file, JSON.stringify(config));
  return promisify(execFile)(TSC, ['-p', file, '--pretty', 'false'], { cwd: folder }).then(
    () => [],
    (error: { stdout: string }) => error.stdout.trim().split('\n').filter(isOurs),
  );
}

/** What packages of others say wrong in their own types is theirs; indented lines explain the one above. */
const isOurs = (line: string) => !/^\s|node_modules\/(?!@runledger|runledger)/.test(line);
