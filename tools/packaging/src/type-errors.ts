import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** How imports are resolved: as by Node, or as by a bundler. */
export type Resolution = 'nodenext' | 'bundler';

const MODULE = { nodenext: 'nodenext', bundler: 'preserve' } as const satisfies Record<Resolution, string>;
const TSC = join(fileURLToPath(new URL('..', import.meta.url)), 'node_modules', '.bin', 'tsc');

/** Checks the types of a project's `src` strictly, those of its packages too. @returns what is wrong, a line each */
export async function typeErrors(folder: string, moduleResolution: Resolution): Promise<string[]> {
  const compilerOptions = {
    target: 'es2024',
    module: MODULE[moduleResolution],
    moduleResolution,
    lib: ['es2024', 'dom'],
    jsx: 'react-jsx',
    strict: true,
    noUncheckedIndexedAccess: true,
    noEmit: true,
    allowImportingTsExtensions: true,
    types: ['node'],
  };
  const file = join(folder, `tsconfig.${moduleResolution}.json`);
  await writeFile(file, JSON.stringify({ compilerOptions, include: ['src'] }));
  return promisify(execFile)(TSC, ['-p', file, '--pretty', 'false'], { cwd: folder }).then(
    () => [],
    (error: { stdout: string }) => error.stdout.trim().split('\n').filter(isOurs),
  );
}

/** What packages of others say wrong in their own types is theirs; indented lines explain the one above. */
const isOurs = (line: string) => !/^\s|node_modules\/(?!@runledger|runledger)/.test(line);
