/** A project that has the code of every README in it: checked by the compiler, and run. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import type { ReaderStack } from '../reader-stack.ts';
import { blocksOf, READMES, writeBlock } from '../readmes.ts';
import { writeServiceCode } from '../service-code.ts';
import { emitScripts, typeErrors } from '../type-errors.ts';

/** After this a program that should have ended is ended, and counts as one that failed. */
const LONGEST_RUN_MS = 120_000;

export interface Program {
  /** Without its extension, below `src` or what is emitted. */
  name: string;
  prints: string | undefined;
  stopAfter: string | undefined;
}

/** Writes the code of the READMEs of these packages into `src`. @returns what of it can be run */
export async function writeReadersCode(
  folder: string,
  { addresses }: Pick<ReaderStack, 'addresses'>,
  packages?: readonly string[],
): Promise<Program[]> {
  const src = join(folder, 'src');
  await mkdir(src, { recursive: true });
  const programs: Program[] = (await writeServiceCode(src)).map(({ file, says }) => ({
    name: basename(file, '.ts'),
    prints: says,
    stopAfter: undefined,
  }));
  programs.push({ name: 'users-code', prints: undefined, stopAfter: undefined });
  for (const [document, snippets] of Object.entries(READMES)) {
    const owner = document.split('/')[1] as string;
    if (packages && !packages.includes(owner)) continue;
    const blocks = await blocksOf(document);
    for (const [i, { given, prints, stopAfter }] of snippets.entries()) {
      const block = blocks[i];
      if (!block) throw new Error(`${document} has no snippet ${i + 1}.`);
      const name = `${owner}-${i + 1}`;
      await writeBlock(block, { ...(given ? { given } : {}), addresses, file: join(src, name) });
      if (prints !== undefined || stopAfter !== undefined) programs.push({ name, prints, stopAfter });
    }
  }
  return programs;
}

/** Checks the types as both resolvers see them, and writes scripts that any runtime reads into `out`. */
export async function checkTypes(folder: string): Promise<string[]> {
  const problems = [];
  for (const resolution of ['nodenext', 'bundler'] as const)
    problems.push(...(await typeErrors(folder, resolution)).map((line) => `${resolution}: ${line}`));
  if (problems.length === 0) await emitScripts(folder);
  return problems;
}

/** Runs a program by a command such as `node` or `deno run -A`. @returns what is wrong, or `null` */
export async function runProgram(
  folder: string,
  { name, prints, stopAfter }: Program,
  {
    command,
    env,
    variables,
  }: { command: readonly string[]; env: NodeJS.ProcessEnv; variables: Record<string, string> },
): Promise<string | null> {
  const [program = 'node', ...args] = command;
  const key = variables.SUPABASE_SERVICE_ROLE_KEY ?? '';
  const running = spawn(program, [...args, join('out', `${name}.js`)], {
    cwd: folder,
    env: { ...env, ...variables, SUPABASE_KEY: key },
  });
  const late = setTimeout(() => running.kill('SIGKILL'), LONGEST_RUN_MS);
  let said = '';
  let complained = '';
  running.stderr.on('data', (text: Buffer) => (complained += text));
  running.stdout.on('data', (text: Buffer) => {
    said += text;
    // Once: a second one ends what is still stopping.
    if (stopAfter && !running.killed && said.includes(stopAfter)) running.kill('SIGTERM');
  });
  const [code, signal] = await once(running, 'close');
  clearTimeout(late);
  if (code !== 0) return `${name} ended with ${code ?? signal}: ${shortened(complained || said, folder)}`;
  if (prints !== undefined && said.trim() !== prints) return `${name} printed ${shortened(said, folder)}`;
  return null;
}

const shortened = (text: string, folder: string): string =>
  text
    .trim()
    .replaceAll(folder, relative(folder, folder) || '.')
    .slice(0, 600);
