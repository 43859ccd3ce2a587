import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { detectProject } from '../project/detect.ts';
import { missingMigrations } from '../project/migration-files.ts';
import type { ProjectOptions } from './write-project.ts';
import { writeProject } from './write-project.ts';

const OPTIONS: ProjectOptions = {
  workflows: [{ workflowType: 'order', taskQueue: 'orders' }],
  withWorker: true,
  found: { SUPABASE_URL: 'http://127.0.0.1:60000' },
};

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'runledger-init-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const read = (path: string) => readFile(join(folder, path), 'utf8');

async function give(files: Record<string, string>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}

/** Every file with what is in it. */
async function everything(): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(await Promise.all(files.map(async (file) => [file, await readFile(file, 'utf8')])));
}

test('a Next project gets a migration after its own, the schema exposed, a route, a worker and variables', async () => {
  await give({
    'package.json': JSON.stringify({ dependencies: { next: '16.0.0' } }),
    'next.config.ts': `import type { NextConfig } from "next";\n\nconst nextConfig: NextConfig = {\n};\n\nexport default nextConfig;\n`,
    'supabase/migrations/29990101235959_last.sql': 'select 1;\n',
    'src/app/page.tsx': '',
    '.env.example': 'SUPABASE_URL=mine',
  });
  await writeProject(await detectProject(folder), OPTIONS);
  const migrations = (await readdir(join(folder, 'supabase/migrations'))).sort();
  expect(migrations).toEqual(['29990101235959_last.sql', '29990102000000_runledger.sql']);
  expect(await read('supabase/config.toml')).toContain('"runledger"');
  const route = await read('src/app/api/runledger/[[...path]]/route.ts');
  expect(route).toContain("mountedAt('/api/runledger')");
  // `export const dynamic = …`, which Next refuses where cacheComponents are on: new projects have them.
  expect(route).not.toContain('export const');
  expect(await read('next.config.ts')).toContain(
    "const nextConfig: NextConfig = {\n  serverExternalPackages: ['runledger', '@trpc/server'],",
  );
  expect(await read('temporal/worker.mts')).toContain("taskQueue: 'orders'");
  expect(await read('temporal/workflows.ts')).toContain('export async function order(');
  expect(JSON.parse(await read('runledger.startable.json'))).toEqual(OPTIONS.workflows);
  const variables = await read('.env.example');
  expect(variables.startsWith('SUPABASE_URL=mine\n')).toBe(true);
  expect(variables).toContain('RUNLEDGER_STARTABLE=runledger.startable.json');
});

test('done again, it changes nothing; what is there is not overwritten', async () => {
  await give({ 'package.json': '{ "dependencies": { "hono": "4" } }', 'runledger.startable.json': '[]' });
  await writeProject(await detectProject(folder), OPTIONS);
  const before = await everything();
  expect(await read('runledger.startable.json')).toBe('[]');
  const again = await writeProject(await detectProject(folder), OPTIONS);
  expect(new Set(again.map(({ result }) => result))).toEqual(new Set(['kept']));
  expect(await everything()).toEqual(before);
});

test.each([
  ['express', 'nodeListener'],
  ['hono', 'new Hono()'],
])('%s is found by what the project depends on', async (name, code) => {
  await give({ 'package.json': JSON.stringify({ dependencies: { [name]: '*' } }) });
  await writeProject(await detectProject(folder), OPTIONS);
  expect(await read('runledger.ts')).toContain(code);
});

test('of migrations that a project has in part, as after an upgrade, those that it lacks are named', async () => {
  const own = async () => {
    await writeProject(await detectProject(folder), OPTIONS);
    return missingMigrations(folder);
  };
  expect(await own()).toEqual([]);
  const [file = ''] = await readdir(join(folder, 'supabase/migrations'));
  await rm(join(folder, 'supabase/migrations', file));
  expect(await missingMigrations(folder)).toEqual(['runledger']);
  expect(await own()).toEqual([]);
});

test('addresses that were found stand in the variables', async () => {
  await writeProject(await detectProject(folder), OPTIONS);
  expect(await read('.env.example')).toContain('SUPABASE_URL=http://127.0.0.1:60000');
});
