/**
 * `npm run install-matrix`: installs the packages with npm, pnpm and yarn on each Node that they run on, with the newest and the
 * lowest peers, and runs the code of every README there; in Bun, Deno and Next's edge runtime, what has to run without Node. Ten minutes
 * and more.
 * Words after `--` choose: `npm run install-matrix -- pnpm 22`.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { table } from '@runledger/host/table';
import { clientSizes } from '../client-size.ts';
import { PEERS } from '../install-packed.ts';
import { packedPackages } from '../pack.ts';
import type { ReaderStack } from '../reader-stack.ts';
import { startReaderStack } from '../reader-stack.ts';
import type { Wanted } from './install-with.ts';
import { environmentOf, installWith, MANAGERS } from './install-with.ts';
import { EDGE_ROUTES, NEXT, tryNextEdge } from './next-edge.ts';
import { atLowEnd } from './peer-ranges.ts';
import type { Program } from './readers-project.ts';
import { checkTypes, runProgram, writeReadersCode } from './readers-project.ts';
import { installProgram } from './tools.ts';

/** The oldest that `engines` allows, and those that are kept up. */
const NODES = ['20', '22', '24'];
/** What runs where there is no Node. */
const ANYWHERE = ['contracts', 'execution-service', 'router', 'client'];
/** Without the command, which brings dependencies of its own. */
const LIBRARIES = [...ANYWHERE, 'engine', 'monitor'];
/** As the README of the execution service says for those who make a client of supabase-js themselves. */
const ON_NODE_20 = ['node', '--experimental-websocket'];
const RUNTIMES = {
  Bun: async () => [await installProgram('bun', '1.4.5'), 'run'],
  Deno: async () => [await installProgram('deno', '2.9.6'), 'run', '--allow-all', '--node-modules-dir=manual'],
};

interface Row {
  cells: string[];
  problems: string[];
}

/** The versions of the catalog themselves: a later tRPC server would not fit the clients beside it. */
const NEWEST = Object.fromEntries(Object.entries(PEERS).map(([name, range]) => [name, range.replace('^', '')]));

const seconds = (since: number) => `${((performance.now() - since) / 1000).toFixed(0)} s`;

async function inProject<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'runledger-matrix-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function runAll(
  folder: string,
  programs: readonly Program[],
  { command, node, stack }: { command: readonly string[]; node: string; stack: ReaderStack },
): Promise<string[]> {
  const env = await environmentOf(node);
  const problems = [];
  for (const program of programs) {
    const makesClient = node === '20' && /^(service|users)/.test(program.name);
    const how = { command: makesClient ? ON_NODE_20 : command, env, variables: stack.variables };
    const problem = await runProgram(folder, program, how);
    if (problem) problems.push(problem);
  }
  return problems;
}

/** One row: installed, type-checked, run. */
async function tryInstall(name: string, wanted: Wanted, stack: ReaderStack): Promise<Row> {
  return inProject(async (folder) => {
    const began = performance.now();
    const failed = await installWith(folder, wanted).then(
      () => null,
      (error: Error & { stdout?: string }) => `${error.message}\n${error.stdout ?? ''}`.slice(0, 1_500),
    );
    const took = seconds(began);
    if (failed) return { cells: [name, 'fails', '–', '–'], problems: [failed] };
    const only = wanted.names?.map((each) => each.replace('@runledger/', ''));
    const programs = await writeReadersCode(folder, stack, only);
    const wrong = await checkTypes(folder);
    const failures = await runAll(folder, programs, { command: ['node'], node: wanted.node, stack });
    const ran = `${programs.length - failures.length} of ${programs.length}`;
    return { cells: [name, took, wrong.length === 0 ? 'right' : 'wrong', ran], problems: [...wrong, ...failures] };
  });
}

async function tryRuntime(name: keyof typeof RUNTIMES, stack: ReaderStack): Promise<Row> {
  return inProject(async (folder) => {
    const began = performance.now();
    await installWith(folder, { manager: 'npm', node: '24', dependencies: NEWEST, names: ANYWHERE.map(scoped) });
    const took = seconds(began);
    const programs = await writeReadersCode(folder, stack, ANYWHERE);
    const wrong = await checkTypes(folder);
    const failures = await runAll(folder, programs, { command: await RUNTIMES[name](), node: '24', stack });
    const ran = `${programs.length - failures.length} of ${programs.length}`;
    return { cells: [name, took, wrong.length === 0 ? 'right' : 'wrong', ran], problems: [...wrong, ...failures] };
  });
}

async function tryNext(stack: ReaderStack): Promise<Row> {
  return inProject(async (folder) => {
    const began = performance.now();
    await installWith(folder, {
      ...{ manager: 'npm', node: '24', names: ANYWHERE.map(scoped) },
      dependencies: { ...NEWEST, ...NEXT },
    });
    const took = seconds(began);
    const problems = await tryNextEdge(folder, stack);
    return { cells: ['Next, edge', took, '–', `${EDGE_ROUTES - problems.length} of ${EDGE_ROUTES}`], problems };
  });
}

const scoped = (name: string) => `@runledger/${name}`;

const words = process.argv.slice(2).map((word) => word.toLowerCase());
const isMeant = (name: string) => words.every((word) => name.toLowerCase().split(/\W+/).includes(word));

const rows: Row[] = [];
const add = async (name: string, work: () => Promise<Row>) => {
  if (!isMeant(name)) return;
  const row = await work();
  rows.push(row);
  console.log(row.cells.join(', '));
  for (const problem of row.problems) console.log(`  ${problem.replaceAll('\n', '\n  ')}`);
};

await packedPackages();
const stack = await startReaderStack();
try {
  for (const manager of MANAGERS)
    for (const node of NODES)
      await add(`${manager}, Node ${node}`, () =>
        tryInstall(`${manager}, Node ${node}`, { manager, node, dependencies: NEWEST }, stack),
      );
  for (const node of NODES) {
    const wanted: Wanted = { manager: 'npm', node, dependencies: atLowEnd(NEWEST), names: LIBRARIES.map(scoped) };
    await add(`lowest peers, npm, Node ${node}`, () => tryInstall(`lowest peers, npm, Node ${node}`, wanted, stack));
  }
  for (const name of ['Bun', 'Deno'] as const) await add(name, () => tryRuntime(name, stack));
  await add('Next, edge', () => tryNext(stack));
} finally {
  await stack[Symbol.asyncDispose]();
}
const titles = ['with', 'installed in', 'types', 'programs that ran'];
console.log(['', ...table([titles, ...rows.map(({ cells }) => cells)], { width: 120 })].join('\n'));
for (const { what, kilobytes } of await clientSizes())
  console.log(`${what}: ${kilobytes.toFixed(1)} KB minified, gzip`);
process.exit(rows.some(({ problems }) => problems.length > 0) ? 1 : 0);
