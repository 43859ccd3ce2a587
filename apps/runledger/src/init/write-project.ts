import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Project } from '../project/detect.ts';
import { exposeSchema } from '../project/expose-schema.ts';
import { addMigrations } from '../project/migration-files.ts';
import type { StartableWorkflow, Template } from './templates.ts';
import { mountOf, startableList, VARIABLES, workerOf } from './templates.ts';

/** What became of a file. A file of the project is only added to; one that holds other things stays as it is. */
export interface Written {
  path: string;
  result: 'wrote' | 'added to' | 'kept';
}

export interface ProjectOptions {
  workflows: StartableWorkflow[];
  /** Writes a worker with the first of them. */
  withWorker: boolean;
  /** Addresses that were found, by the name of their variable. */
  found: Readonly<Record<string, string>>;
}

/** Writes what a project lacks. Done again, it writes nothing. */
export async function writeProject(project: Project, options: ProjectOptions): Promise<Written[]> {
  const { folder } = project;
  const [first] = options.workflows;
  const mount = mountOf(project);
  const templates = [
    startableList(options.workflows),
    ...(mount ? [mount] : []),
    ...(options.withWorker && first ? workerOf(first) : []),
  ];
  const migrations = await addMigrations(folder);
  return [
    ...migrations.map((file) => ({ path: `supabase/migrations/${file}`, result: 'wrote' as const })),
    ...(migrations.length === 0 ? [{ path: 'supabase/migrations', result: 'kept' as const }] : []),
    await exposeInConfig(folder),
    ...(await Promise.all(templates.map((template) => writeOnce(folder, template)))),
    await addLines(folder, '.env.example', variableLines(options.found)),
    await addLines(folder, '.gitignore', [{ key: '.runledger/', text: '.runledger/' }]),
    ...(project.mount === 'next' ? [await leaveExternal(folder)] : []),
  ];
}

async function writeOnce(folder: string, { path, content }: Template): Promise<Written> {
  const file = join(folder, path);
  if (existsSync(file)) return { path, result: 'kept' };
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content, { flag: 'wx' });
  return { path, result: 'wrote' };
}

async function exposeInConfig(folder: string): Promise<Written> {
  const path = 'supabase/config.toml';
  const file = join(folder, path);
  const isNew = !existsSync(file);
  const before = isNew ? `project_id = ${JSON.stringify(basename(folder))}\n` : await readFile(file, 'utf8');
  const exposed = exposeSchema(before);
  if (exposed === null) return { path, result: 'kept' };
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, exposed);
  return { path, result: isNew ? 'wrote' : 'added to' };
}

const variableLines = (found: Readonly<Record<string, string>>) =>
  VARIABLES.map(({ name, value, about }) => ({
    key: `${name}=`,
    text: `${about ? `# ${about}\n` : ''}${name}=${found[name] ?? value}`,
  }));

/** Adds the lines that a file lacks, by what each begins with. */
async function addLines(folder: string, path: string, lines: { key: string; text: string }[]): Promise<Written> {
  const file = join(folder, path);
  const isNew = !existsSync(file);
  const before = isNew ? '' : await readFile(file, 'utf8');
  const known = before.split('\n').map((line) => line.trim());
  const missing = lines.filter(({ key }) => !known.some((line) => line.startsWith(key)));
  if (missing.length === 0) return { path, result: 'kept' };
  const start = before === '' || before.endsWith('\n') ? before : `${before}\n`;
  await writeFile(file, `${start}${missing.map(({ text }) => `${text}\n`).join('')}`);
  return { path, result: isNew ? 'wrote' : 'added to' };
}

/**
 * Next bundles what a server imports, unless it is told not to; Temporal's client and worker threads are not for bundling. Where a router of
 * the project nests ours, both need the same copy of tRPC.
 */
async function leaveExternal(folder: string): Promise<Written> {
  const path = ['next.config.ts', 'next.config.mjs', 'next.config.js'].find((name) => existsSync(join(folder, name)));
  if (!path) {
    const content = "export default { serverExternalPackages: ['runledger', '@trpc/server'] };\n";
    return writeOnce(folder, { path: 'next.config.mjs', content });
  }
  const file = join(folder, path);
  const before = await readFile(file, 'utf8');
  if (before.includes("'runledger'") || before.includes('"runledger"')) return { path, result: 'kept' };
  const after = before.replace(
    /((?:nextConfig\b[^=]*|export default|module\.exports)\s*=?\s*\{)/,
    "$1\n  serverExternalPackages: ['runledger', '@trpc/server'],",
  );
  if (after === before)
    throw new Error(
      `Add serverExternalPackages: ['runledger', '@trpc/server'] to ${path}; it is written in a way that is not known here.`,
    );
  await writeFile(file, after);
  return { path, result: 'added to' };
}
