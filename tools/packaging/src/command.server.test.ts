/** The command as strangers have it: installed from its archive into an empty project, set up, run, and used. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createRunledgerClient } from '@runledger/client';
import type { SqlDatabase, TestDatabase } from '@runledger/local-stack';
import {
  assertPortFree,
  createTestDatabase,
  databaseContents,
  freePort,
  openPostgres,
  supabasePlatformSql,
} from '@runledger/local-stack';
import { openTerminal } from '@runledger/terminal';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { InstalledProject } from './install-packed.ts';
import { installPacked, LONGEST_INSTALL_MS } from './install-packed.ts';

const CLI = fileURLToPath(new URL('../node_modules/.bin/supabase', import.meta.url));

let project: InstalledProject;

beforeAll(async () => {
  project = await installPacked();
  await writeFile(join(project.folder, 'package.json'), '{ "name": "shop", "private": true }');
}, LONGEST_INSTALL_MS);

afterAll(() => project?.[Symbol.asyncDispose]());

function start(args: string[], env: Record<string, string> = {}) {
  const command = join(project.folder, 'node_modules', '.bin', 'runledger');
  return spawn(command, args, { cwd: project.folder, env: { ...process.env, DO_NOT_TRACK: '1', ...env } });
}

async function freePorts() {
  const [api, supabase, temporal, page] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
  const env = {
    RUNLEDGER_API_PORT: `${api}`,
    RUNLEDGER_SUPABASE_PORT: `${supabase}`,
    RUNLEDGER_TEMPORAL_PORT: `${temporal}`,
    RUNLEDGER_TEMPORAL_UI_PORT: `${page}`,
  };
  return { env, api };
}

async function runledger(args: string[], env: Record<string, string> = {}): Promise<{ code: number; output: string }> {
  const child = start(args, env);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (output += text));
  const [code] = await once(child, 'close');
  return { code, output };
}

test('init sets an empty project up, and says what comes next', async () => {
  const { code, output } = await runledger(['init', '--yes']);
  expect(code, output).toBe(0);
  expect(output.split('\nNext:\n')[1]).toMatch(
    /1\. npm install runledger .*\n {2}2\. npx runledger dev .*\n.*\n {2}3\. npx runledger migrate/,
  );
  const refused = await runledger(['init']);
  expect(refused.code).toBe(2);
  expect(refused.output).toContain('give --yes');
});

const APPLICATION = `
create table public.orders (id uuid primary key default gen_random_uuid(), customer text not null);
alter table public.orders enable row level security;
create policy own on public.orders for select to authenticated using (customer = auth.uid()::text);
grant select on public.orders to authenticated;
create function public.welcome() returns trigger language plpgsql as 'begin return new; end';
create trigger welcome after insert on auth.users for each row execute function public.welcome();
create publication of_orders for table public.orders;
alter default privileges in schema public grant select on tables to authenticated;
insert into public.orders (customer) values ('ada');
create table public.old_runs (id uuid primary key, user_id text, workflow_id uuid, status text, started_at timestamptz);
insert into public.old_runs values (gen_random_uuid(), 'ada', gen_random_uuid(), 'completed', now());`;

describe('migrate', () => {
  let before: Awaited<ReturnType<typeof databaseContents>>;
  let server: TestDatabase;
  let database: SqlDatabase;
  let url: string;
  beforeAll(async () => {
    server = await createTestDatabase('postgres-17');
    const name = `fresh_${process.pid}`;
    await server.exec(`create database ${name}`);
    url = Object.assign(new URL(server.url as string), { pathname: name }).href;
    database = await openPostgres(url);
    await database.exec(supabasePlatformSql + APPLICATION);
    before = await databaseContents(database);
  });
  afterAll(async () => {
    await database?.close();
    await server?.exec(`drop database fresh_${process.pid}`);
    await server?.close();
  });

  test('a dry run says what would be applied, and applies nothing; then it is applied once', async () => {
    const [file] = await readdir(join(project.folder, 'supabase', 'migrations'));
    const planned = await runledger(['migrate', '--dry-run', '--database-url', url]);
    expect(planned.output).toContain(`Would be applied:\n  ${file}`);
    const exists = () => database.query<{ there: boolean }>("select to_regnamespace('runledger') is not null as there");
    expect(await exists()).toEqual([{ there: false }]);
    const applied = await runledger(['migrate', '--database-url', url]);
    expect(applied.code, applied.output).toBe(0);
    expect(await exists()).toEqual([{ there: true }]);
    const history = await database.query<{ file: string }>(
      "select version || '_' || name || '.sql' as file from supabase_migrations.schema_migrations order by version",
    );
    expect(history.map((row) => row.file)).toContain(file);
    expect((await runledger(['migrate', '--database-url', url])).output).toContain('has every migration');
  });

  test('the Supabase CLI knows what was applied: it has nothing to push', async () => {
    const { stdout, stderr } = await promisify(execFile)(CLI, ['db', 'push', '--yes', `--db-url=${url}`], {
      cwd: project.folder,
      env: { ...process.env, DO_NOT_TRACK: '1' },
    });
    expect(stdout + stderr).toContain('up to date');
  });

  test('what was applied under the version of the release is not applied again under that of the project', async () => {
    const folder = join(project.folder, 'supabase', 'migrations');
    const [file = ''] = await readdir(folder);
    const later = `29990101000000_${file.slice(15)}`;
    await rename(join(folder, file), join(folder, later));
    const { code, output } = await runledger(['migrate', '--database-url', url]);
    await rename(join(folder, later), join(folder, file));
    expect([code, output]).toEqual([0, expect.stringContaining('has every migration')]);
  });

  test('uninstall takes out what was used meanwhile, and leaves everything of the application as it was', async () => {
    await database.exec(`insert into auth.users (id, email) values (gen_random_uuid(), 'ada@example.com');
      insert into runledger.workflows (user_id, name, workflow_type, task_queue) select id, 'Order', 'order', 'orders' from runledger.users;
      insert into runledger.workflow_executions (workflow_id, created_by) select id, user_id from runledger.workflows;
      select runledger.forward_runs('public.old_runs'), runledger.return_runs('public.old_runs');
      delete from auth.users`);
    const used = await databaseContents(database);
    const planned = await runledger(['uninstall', '--dry-run', '--database-url', url]);
    expect(planned.output).toContain('trigger runledger_users_came on auth.users');
    expect(await databaseContents(database)).toEqual(used);
    const done = await runledger(['uninstall', '--yes', '--drop-changes', '--database-url', url]);
    expect(done.code, done.output).toBe(0);
    expect(await databaseContents(database)).toEqual(before);
    const [file] = await readdir(join(project.folder, 'supabase', 'migrations'));
    expect(done.output).toContain(`supabase/migrations/${file}`);
  });

  test('a database that does not answer is 3, and no password is printed', async () => {
    const { code, output } = await runledger(['migrate', '--database-url', 'postgresql://me:secret@127.0.0.1:1/x']);
    expect(code).toBe(3);
    expect(output).not.toContain('secret');
  });
});

test.each(['✓ Temporal', '✓ Workflows defined', '✓ API and page'])(
  'dev that is stopped while it starts, after "%s", ends in order and leaves nothing behind',
  async (line) => {
    const { env, api } = await freePorts();
    const dev = start(['dev', '--with', `${process.execPath} temporal/worker.mts`], env);
    let output = '';
    for (const stream of [dev.stdout, dev.stderr]) stream.on('data', (text: Buffer) => (output += text));
    // Its streams close with the last process that it has started.
    const ended = once(dev, 'close');
    await expect.poll(() => output).toContain(line);
    dev.kill('SIGTERM');
    expect(await ended, output).toEqual([0, null]);
    expect(output).not.toContain('✗');
    expect(await readdir(join(project.folder, '.runledger'))).not.toContain('local.json');
    await expect(fetch(`http://127.0.0.1:${api}/healthz`)).rejects.toThrow();
  },
);

/** Once its window is closed, nobody reads what it says. */
const IN_A_WINDOW = ['python3', '-c', 'import pty, sys; pty.spawn(sys.argv[1:])'];
const OWN = './node_modules/.bin/runledger';

test.each<[signal: NodeJS.Signals, command: string[], after: string]>([
  ['SIGTERM', ['npx', 'runledger', 'dev'], '✓ Temporal'],
  ['SIGHUP', ['npm', 'run', 'dev'], '✓ Workflows defined'],
  ['SIGKILL', ['npm', 'run', 'dev'], 'Sign in as'],
  ['SIGKILL', [...IN_A_WINDOW, 'npx', 'runledger', 'dev'], 'Sign in as'],
  ['SIGKILL', [OWN, 'dev'], 'Sign in as'],
])('%s to %j, after "%s", leaves nothing of dev behind', async (signal, [command = '', ...args], after) => {
  const manifest = { name: 'shop', private: true, scripts: { dev: 'runledger dev' } };
  await writeFile(join(project.folder, 'package.json'), JSON.stringify(manifest));
  const { env } = await freePorts();
  const top = spawn(command, args, { cwd: project.folder, env: { ...process.env, DO_NOT_TRACK: '1', ...env } });
  let output = '';
  for (const stream of [top.stdout, top.stderr]) stream.on('data', (text: Buffer) => (output += text));
  await expect.poll(() => output).toContain(after);
  top.kill(signal);
  const isTaken = (port: number) =>
    assertPortFree(port, 'A test', 'PORT').then(
      () => false,
      () => true,
    );
  const taken = () => Promise.all(Object.values(env).map((port) => isTaken(Number(port))));
  await expect.poll(taken).toEqual([false, false, false, false]);
  // One that is killed itself removes nothing.
  if (command === OWN) return;
  await expect.poll(() => readdir(join(project.folder, '.runledger'))).not.toContain('local.json');
});

/** Of dev, as somebody has it who sits there: what it says of all that are open, at the foot of the screen. */
const STANDING = /^\d+ open · .*differ/;

test('dev runs a first execution to its end, serves the page, answers status, says how all stand, and leaves nothing behind', async () => {
  const { env, api } = await freePorts();
  const { CI: _, ...own } = process.env as Record<string, string>;
  const dev = openTerminal(process.execPath, [OWN, 'dev', '--with', `${process.execPath} temporal/worker.mts`], {
    ...{ cwd: project.folder, columns: 120, rows: 40 },
    env: { ...own, TERM: 'xterm-256color', DO_NOT_TRACK: '1', ...env },
  });
  const lastLine = () => dev.screen().split('\n').at(-1) ?? '';
  try {
    await expect.poll(dev.everything).toMatch(/Sign in as|has ended|✗/);
    expect(dev.everything()).toContain('Sign in as');
    await expect.poll(lastLine).toMatch(STANDING);
    const url = `http://127.0.0.1:${api}`;
    const html = await fetch(url, { headers: { accept: 'text/html' } });
    expect([html.status, html.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/html')]);

    const read = async (name: string) => JSON.parse(await readFile(join(project.folder, '.runledger', name), 'utf8'));
    const [{ user }, local] = await Promise.all([read('secrets.json'), read('local.json')]);
    const answer = await fetch(`${local.supabaseUrl}/auth/v1/token?grant_type=password`, {
      method: 'POST',
      headers: { apikey: local.supabaseAnonKey, 'content-type': 'application/json' },
      body: JSON.stringify(user),
    });
    const { access_token: token } = (await answer.json()) as { access_token: string };
    const client = createRunledgerClient({ url: `${url}/trpc`, getToken: () => token });
    const { items } = await client.workflow.list.query();
    expect(items.map(({ name }) => name)).toEqual(['hello']);
    const { id } = await client.execution.createExecution.mutate({
      workflowId: items[0]?.id as string,
      input: { name: 'Ada' },
    });
    await expect
      .poll(() => client.execution.getExecution.query({ id }))
      .toMatchObject({ status: 'completed', output: 'Hello, Ada!', outcomeAuthority: 'engine' });
    expect((await runledger(['status'], env)).code).toBe(0);
    expect(lastLine()).toMatch(STANDING);
    dev.press('\u0003');
    expect(await dev.ended, dev.everything()).toBe(0);
    expect(dev.everything()).not.toContain(' differ');
  } finally {
    dev.kill('SIGTERM');
    await dev.ended;
  }
  expect(await readdir(join(project.folder, '.runledger'))).not.toContain('local.json');
  await expect(fetch(`http://127.0.0.1:${api}/healthz`)).rejects.toThrow();
});
